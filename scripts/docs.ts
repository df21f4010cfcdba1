import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeSettings } from '@signalbox/engine/main/settings';
import { repositoryRoot } from './run-command.ts';

const operations = join(repositoryRoot, 'docs/operations.md');

/** What stands between `<!-- name:start -->` and `<!-- name:end -->`. Throws where the marks are missing. */
export function markedBlock(text: string, name: string): string {
  const found = new RegExp(`<!-- ${name}:start -->\\n([\\s\\S]*?)<!-- ${name}:end -->`).exec(text)?.[1];
  if (found === undefined) throw new Error(`no block ${name}`);
  return found;
}

/** The rows of a Markdown table, cell by cell: how it is padded is the formatter's business. */
export function tableCells(table: string): string[][] {
  return table
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^[|\s-]+$/.test(line))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** The table of settings as docs/operations.md has to hold it. */
export function settingsTable(): string {
  const rows = describeSettings().map(({ name, preset, secret, description }) => {
    const value = preset === '' ? '' : `\`${preset}\``;
    return `| \`${name}\` | ${value} | ${secret ? 'yes' : ''} | ${description.replaceAll('|', '\\|')} |`;
  });
  return `${['| name | default | secret | what for |', '| --- | --- | --- | --- |', ...rows].join('\n')}\n`;
}

/** `node scripts/docs.ts` writes what is generated in the docs. */
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = readFileSync(operations, 'utf8');
  writeFileSync(
    operations,
    text.replace(
      `<!-- settings:start -->\n${markedBlock(text, 'settings')}`,
      () => `<!-- settings:start -->\n${settingsTable()}`,
    ),
  );
}
