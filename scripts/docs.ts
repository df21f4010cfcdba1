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

/** A Markdown table, its columns as wide as their widest cell. */
function paddedTable([head = [], ...rows]: ReadonlyArray<readonly string[]>): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], fill = ' '): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, fill)).join(' | ')} |\n`;
  return [line(head), line([], '-'), ...rows.map((row) => line(row))].join('');
}

/** The table of settings as docs/operations.md has to hold it. */
export function settingsTable(): string {
  const rows = describeSettings().map(({ name, preset, secret, description }) => [
    `\`${name}\``,
    preset === '' ? '' : `\`${preset}\``,
    secret ? 'yes' : '',
    description.replaceAll('|', '\\|'),
  ]);
  return paddedTable([['name', 'default', 'secret', 'what for'], ...rows]);
}

/** `npx pnpm run docs` writes what is generated in the docs. */
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
