import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { checkLicences, exceptions, installedPackages, isAllowed } from './licences.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const expressions: ReadonlyArray<readonly [string, boolean]> = [
  ['MIT', true],
  ['MIT OR GPL-3.0-only', true],
  ['(MIT OR CC0-1.0)', true],
  ['Apache-2.0 AND MIT', true],
  ['MIT AND GPL-3.0-only', false],
  ['(GPL-2.0-only OR AGPL-3.0-only) AND MIT', false],
  ['GPL-3.0-only', false],
  ['BUSL-1.1', false],
  ['SEE LICENSE IN LICENSE.md', false],
  ['UNLICENSED', false],
  ['', false],
];

for (const [expression, expected] of expressions) {
  test(`${expression === '' ? 'no licence' : expression} is ${expected ? 'allowed' : 'refused'}`, () => {
    expect(isAllowed(expression)).toBe(expected);
  });
}

/** A workspace with one dependency, which has one of its own. */
function workspace(inner: Readonly<Record<string, unknown>>): string {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-licences-'));
  folders.push(root);
  const write = (folder: string, manifest: object): void => {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, 'package.json'), JSON.stringify(manifest));
  };
  write('', { name: 'root', devDependencies: { outer: '1' } });
  write('node_modules/outer', { name: 'outer', version: '1.0.0', license: 'MIT', dependencies: { inner: '1' } });
  write('node_modules/inner', { name: 'inner', version: '2.0.0', ...inner });
  return root;
}

test('a dependency of a dependency is read', () => {
  expect(checkLicences(workspace({ license: 'ISC' }))).toEqual([]);
});

test('is red for a licence that is not in the list', () => {
  expect(checkLicences(workspace({ license: 'GPL-3.0-only' }))).toEqual(['inner 2.0.0: GPL-3.0-only']);
});

test('is red where no licence is stated', () => {
  expect(checkLicences(workspace({}))).toEqual(['inner 2.0.0: no licence stated']);
});

test('is red where nothing is installed', () => {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-licences-'));
  folders.push(root);
  expect(checkLicences(root)).toEqual(['no installed packages were found']);
});

test('every dependency of the repository has a licence in the list, and every exception is still needed', () => {
  const root = resolve(import.meta.dirname, '..');
  expect(checkLicences(root)).toEqual([]);
  const packages = installedPackages(root);
  expect(packages.length).toBeGreaterThan(200);
  for (const name of Object.keys(exceptions)) {
    const entry = packages.find((candidate) => candidate.name === name);
    expect(entry, `${name} is not installed any more`).toBeDefined();
    expect(entry?.licence !== null && isAllowed(entry?.licence ?? ''), `${name} needs no exception`).toBe(false);
  }
});
