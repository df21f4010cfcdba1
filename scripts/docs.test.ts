import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { failPointNames } from '@signalbox/engine/runtime/fail-points';
import { expect, test } from 'vitest';
import { floorsOfPackages } from './boundary-rules.ts';
import {
  eventDataTable,
  eventsTable,
  lawsTable,
  markedBlock,
  picturesTable,
  providersTable,
  rulesTable,
  settingsTable,
  tableCells,
  wordsList,
} from './docs.ts';
import { repositoryRoot } from './run-command.ts';

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
test('docs/architecture.md lists the crash points of the code, in their order', () => {
  const [, ...rows] = tableCells(markedBlock(read('docs/architecture.md'), 'crash-points'));
  expect(rows.map(([point]) => point)).toEqual(failPointNames.map((name) => `\`${name}\``));
  expect(rows.filter((row) => row.length !== 3 || row.includes(''))).toEqual([]);
});

test('docs/operations.md lists the settings of the code (npx pnpm run docs writes them)', () => {
  expect(tableCells(markedBlock(read('docs/operations.md'), 'settings'))).toEqual(tableCells(settingsTable()));
});

test('docs/providers.md lists the providers of the code (npx pnpm run docs writes them)', () => {
  expect(tableCells(markedBlock(read('docs/providers.md'), 'providers'))).toEqual(tableCells(providersTable()));
});

test('docs/media.md lists what providers take of pictures (npx pnpm run docs writes it)', () => {
  expect(tableCells(markedBlock(read('docs/media.md'), 'pictures'))).toEqual(tableCells(picturesTable()));
});

test('docs/compliance.md lists the rules, the laws and the words of the code (npx pnpm run docs writes them)', () => {
  const page = read('docs/compliance.md');
  expect(tableCells(markedBlock(page, 'rules'))).toEqual(tableCells(rulesTable()));
  expect(tableCells(markedBlock(page, 'laws'))).toEqual(tableCells(lawsTable()));
  expect(markedBlock(page, 'words')).toBe(wordsList());
});

test('docs/webhooks.md lists the events of the code (npx pnpm run docs writes them)', () => {
  expect(tableCells(markedBlock(read('docs/webhooks.md'), 'events'))).toEqual(tableCells(eventsTable()));
  expect(tableCells(markedBlock(read('docs/webhooks.md'), 'event-data'))).toEqual(tableCells(eventDataTable()));
});

test('a missing mark is an error, not an empty list', () => {
  expect(() => markedBlock('# Nothing', 'settings')).toThrow('no block settings');
});

/** The rooms of each floor as the table below that heading line says, and which of a floor may import which. */
function floorsOf(page: string, folder: string): { readonly rooms: string[]; readonly within: string[] }[] {
  const lines = page
    .slice(page.indexOf(`, \`${folder}\`:`))
    .split('\n')
    .slice(1);
  const table = lines
    .slice(
      1,
      lines.findIndex((line, at) => at > 0 && line === ''),
    )
    .join('\n');
  const [, ...rows] = tableCells(table);
  return rows.map(([, rooms = '']) => {
    const pairs = [...rooms.matchAll(/`([^`]+)` → `([^`]+)`/g)].map(([, from, to]) => `${from} → ${to}`);
    const named = [...rooms.matchAll(/`([^`]+)`/g)].map(([, room]) => room ?? '');
    return { rooms: [...new Set(named)].sort(), within: pairs.sort() };
  });
}

/** The rooms of the package that are there, floor by floor as the check knows them. */
function floorsThatHold(folder: string): { readonly rooms: string[]; readonly within: string[] }[] {
  const { floors } = floorsOfPackages[folder] ?? { floors: [] };
  return floors.map(({ rooms, within = [] }) => ({
    rooms: rooms.filter((room) => existsSync(join(repositoryRoot, folder, room))).sort(),
    within: within.map(([from, to]) => `${from} → ${to}`).sort(),
  }));
}

test.each(['packages/nodes/src', 'packages/engine/src'])(
  'docs/architecture.md draws the floors of %s as the check has them',
  (folder) => {
    const drawn = floorsOf(read('docs/architecture.md'), folder);
    expect(drawn.length).toBeGreaterThan(3);
    expect(drawn).toEqual(floorsThatHold(folder));
  },
);

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(repositoryRoot, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
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
