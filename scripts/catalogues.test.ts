import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Catalogue, catalogues, checkCatalogues } from './catalogues.ts';

const root = resolve(import.meta.dirname, '..');
const copies: string[] = [];

afterEach(() => {
  for (const copy of copies.splice(0)) rmSync(copy, { recursive: true, force: true });
});

function copyOf({ folder }: Catalogue): string {
  const copy = mkdtempSync(join(tmpdir(), 'signalbox-catalogue-'));
  copies.push(copy);
  cpSync(join(root, folder), join(copy, folder), { recursive: true });
  return copy;
}

test('the checked-in catalogues are what their folders give', () => {
  expect(checkCatalogues(root)).toEqual([]);
});

test.each(catalogues)('a new file of $folder is noticed, and one run adds it', (catalogue) => {
  const { folder, define } = catalogue;
  const copy = copyOf(catalogue);
  writeFileSync(join(copy, folder, 'roll-dice.ts'), `export const rollDice = ${define}({});`);
  const [problem = ''] = checkCatalogues(copy);
  expect(problem).toContain('Run `npx pnpm catalogue`');
  expect(checkCatalogues(copy, true)).toEqual([]);
  expect(checkCatalogues(copy)).toEqual([]);
  expect(readFileSync(join(copy, folder, 'catalogue.gen.ts'), 'utf8')).toContain(
    "import { rollDice } from './roll-dice.ts';",
  );
});

test('a folder without anything of its kind turns red', () => {
  const [catalogue] = catalogues;
  if (catalogue === undefined) throw new Error('there are no catalogues');
  const copy = copyOf(catalogue);
  rmSync(join(copy, catalogue.folder), { recursive: true });
  expect(checkCatalogues(copy)).toEqual([`no catalogues under ${copy}`]);
});
