import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { absentReferences, checkReferences, numberedDocuments } from './named-documents.ts';

const root = resolve(import.meta.dirname, '..');
const planted = (text: string, path = 'planted.ts') => absentReferences(root, path, text, numberedDocuments(root));

test('every rule and document that the code names is in the repository', () => {
  expect(checkReferences(root)).toEqual([]);
  expect([...numberedDocuments(root).rules]).toEqual(Array.from({ length: 34 }, (_, index) => index + 1));
});

test('a rule that nobody wrote turns red, also among others', () => {
  expect(planted('// as it must (protocol 35)')).toEqual(['planted.ts:1 protocol 35 is not written']);
  expect(planted('\n/** (protocol 20, 99 and 25) */')).toEqual(['planted.ts:2 protocol 99 is not written']);
  expect(planted('// (protocol 20, 22, 23, 25)')).toEqual([]);
});

test('a decision that nobody took turns red, and a migration or a document that names one', () => {
  expect(planted('// (decision 99)')).toEqual(['planted.ts:1 decision 99 is not written']);
  expect(planted('// (decision 14)')).toEqual([]);
  expect(planted('-- (protocol 99), see the-design.md', 'planted.sql')).toEqual([
    'planted.sql:1 protocol 99 is not written',
    'planted.sql:1 the-design.md is not in the repository',
  ]);
  expect(planted('As protocol 99 says.', 'planted.md')).toEqual(['planted.md:1 protocol 99 is not written']);
});

test('a document that is not there turns red', () => {
  expect(planted('// see the-design.md')).toEqual(['planted.ts:1 the-design.md is not in the repository']);
  expect(planted('// see docs/protocol.md, architecture.md and CONTRIBUTING.md')).toEqual([]);
});
