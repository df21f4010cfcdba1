import { expect, test } from 'vitest';
import { readCodes } from './read-codes.ts';

test('codes are read a line each, or from the first column, without a heading', () => {
  expect(readCodes('\uFEFFcode,used\r\n"AB-1",no\r\nAB-2;x\n\n AB-3 \n')).toEqual(['AB-1', 'AB-2', 'AB-3']);
  expect(readCodes('CODE-1\nCODE-2')).toEqual(['CODE-1', 'CODE-2']);
  expect(readCodes('')).toEqual([]);
});
