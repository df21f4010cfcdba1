import { expect, test } from 'vitest';
import { decodeCsv } from './csv-bytes.ts';

const text = 'phone,first_name\n+12025550143,José 北京';
const utf16 = (bigEndian: boolean, mark: boolean): Uint8Array => {
  const characters = (mark ? '\ufeff' : '') + text;
  const view = new DataView(new ArrayBuffer(characters.length * 2));
  for (let at = 0; at < characters.length; at += 1) view.setUint16(at * 2, characters.charCodeAt(at), !bigEndian);
  return new Uint8Array(view.buffer);
};

test.each([
  ['UTF-8', new TextEncoder().encode(text)],
  ['UTF-8 with a byte order mark', new TextEncoder().encode(`\ufeff${text}`)],
  ['UTF-16', utf16(false, true)],
  ['UTF-16, big end first', utf16(true, true)],
])('a file in %s is read as it was written', (_name, bytes) => expect(decodeCsv(bytes)).toBe(text));

test.each([
  ['Windows-1252', new Uint8Array([...new TextEncoder().encode('phone,n\n1,Jos'), 0xe9])],
  ['UTF-16 without its mark', utf16(false, false)],
  ['UTF-16 that breaks off', utf16(false, true).slice(0, 21)],
])('a file in %s is not guessed at', (_name, bytes) => expect(decodeCsv(bytes)).toBeNull());
