import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { failPointNames } from '@signalbox/engine/runtime/fail-points';
import { expect, test } from 'vitest';
import { markedBlock, settingsTable, tableCells } from './docs.ts';
import { repositoryRoot } from './run-command.ts';

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
test('docs/architecture.md lists the crash points of the code, in their order', () => {
  const [, ...rows] = tableCells(markedBlock(read('docs/architecture.md'), 'crash-points'));
  expect(rows.map(([point]) => point)).toEqual(failPointNames.map((name) => `\`${name}\``));
  expect(rows.filter((row) => row.length !== 3 || row.includes(''))).toEqual([]);
});

test('docs/operations.md lists the settings of the code (node scripts/docs.ts writes them)', () => {
  expect(tableCells(markedBlock(read('docs/operations.md'), 'settings'))).toEqual(tableCells(settingsTable()));
});

test('a missing mark is an error, not an empty list', () => {
  expect(() => markedBlock('# Nothing', 'settings')).toThrow('no block settings');
});

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/api.md',
  'docs/architecture.md',
  'docs/operations.md',
  ...readdirSync(join(repositoryRoot, 'docs/decisions')).map((name) => `docs/decisions/${name}`),
];

/** Links of a page to files that are not there. */
function brokenLinks(path: string, text: string): string[] {
  return [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)]
    .map((match) => match[1] ?? '')
    .filter((target) => !existsSync(join(repositoryRoot, dirname(path), target)));
}

/** Names of files in the repository that a page gives in code marks and that are not there. */
function missingFiles(text: string): string[] {
  return [...text.matchAll(/`((?:packages|scripts|test|workflows|bench|docs)\/[\w./-]+)`/g)]
    .map((match) => match[1] ?? '')
    .filter((target) => !existsSync(join(repositoryRoot, target)));
}

for (const page of pages) {
  test(`${page} points at what is there`, () => {
    expect([...brokenLinks(page, read(page)), ...missingFiles(read(page))]).toEqual([]);
  });
}

test('a link and a name of nothing are found', () => {
  expect(brokenLinks('README.md', 'See [it](docs/nothing.md).')).toEqual(['docs/nothing.md']);
  expect(missingFiles('See `packages/engine/src/nothing.ts`.')).toEqual(['packages/engine/src/nothing.ts']);
});
