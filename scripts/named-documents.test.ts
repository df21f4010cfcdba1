import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { absentReferences, checkReferences, protocolRules } from './named-documents.ts';

const root = resolve(import.meta.dirname, '..');
const planted = (text: string) => absentReferences(root, 'planted.ts', text, protocolRules(root));

test('every rule and document that the code names is in the repository', () => {
  expect(checkReferences(root)).toEqual([]);
  expect([...protocolRules(root)]).toEqual(Array.from({ length: 34 }, (_, index) => index + 1));
});

test('a rule that nobody wrote turns red, also among others', () => {
  expect(planted('// as it must (protocol 35)')).toEqual(['planted.ts:1 protocol 35 is not written']);
  expect(planted('\n/** (protocol 20, 99 and 25) */')).toEqual(['planted.ts:2 protocol 99 is not written']);
  expect(planted('// (protocol 20, 22, 23, 25)')).toEqual([]);
});

test('a document that is not there turns red', () => {
  expect(planted('// see the-design.md')).toEqual(['planted.ts:1 the-design.md is not in the repository']);
  expect(planted('// see docs/protocol.md, architecture.md and CONTRIBUTING.md')).toEqual([]);
});
