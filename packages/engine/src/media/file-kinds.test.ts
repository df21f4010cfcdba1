import { expect, test } from 'vitest';
import { fileKind, frameType, keptTypes } from './file-kinds.ts';

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** The smallest heads that say a size. */
const png = latin1('\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x01\x40\x00\x00\x00\xf0\x08\x06\x00\x00\x00');
const gif = latin1('GIF89a\x40\x01\xf0\x00\x00\x00\x00');
const jpeg = latin1('\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc0\x00\x0b\x08\x00\xf0\x01\x40\x01\x01\x11\x00');

const kinds: ReadonlyArray<readonly [string, Uint8Array, { width: number; height: number } | null]> = [
  ['image/png', png, { width: 320, height: 240 }],
  ['image/gif', gif, { width: 320, height: 240 }],
  ['image/jpeg', jpeg, { width: 320, height: 240 }],
  ['image/webp', latin1('RIFF\x10\x00\x00\x00WEBPVP8 '), null],
  ['audio/amr', latin1('#!AMR\nxxxx'), null],
  ['video/mp4', latin1('\x00\x00\x00\x18ftypisom'), null],
  ['video/3gpp', latin1('\x00\x00\x00\x18ftyp3gp5'), null],
  ['application/pdf', latin1('%PDF-1.7\n'), null],
  ['text/vcard', latin1('BEGIN:VCARD\r\nVERSION:3.0'), null],
  ['application/smil', latin1('<?xml version="1.0"?>\n<smil><head/></smil>'), null],
];

test.each(kinds)('knows %s by its first bytes', (type, bytes, size) => {
  expect(fileKind(bytes)).toMatchObject({ type, size });
});

test('every kind that is known is one that is kept, but for frames', () => {
  const known = [...keptTypes, frameType];
  for (const [, bytes] of kinds) expect(known).toContain(fileKind(bytes)?.type);
});

test.each([
  ['a page', '<!doctype html><script>alert(1)</script>'],
  ['a drawing', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
  ['a drawing that says it is XML', '<?xml version="1.0"?><svg/>'],
  ['a script', 'alert(1)'],
  ['an archive', 'PK\x03\x04'],
  ['a program', 'MZ\x90\x00'],
  ['words', 'Hello'],
  ['nothing', ''],
])('knows %s for nothing', (_name, text) => {
  expect(fileKind(latin1(text))).toBeNull();
});

test('a picture that is cut off, or says nonsense, breaks nothing and has no other size', () => {
  for (const whole of [png, gif, jpeg])
    for (let length = 0; length < whole.length; length += 1) {
      const size = fileKind(whole.subarray(0, length))?.size ?? null;
      if (length < 10) expect(size).toBeNull();
      else expect([null, { width: 320, height: 240 }]).toContainEqual(size);
    }
  const noughts = Buffer.from(png);
  noughts.fill(0, 16, 24);
  expect(fileKind(noughts)).toMatchObject({ type: 'image/png', size: null });
  // A segment of no length must not be walked for ever.
  expect(fileKind(latin1(`\xff\xd8\xff\xe0\x00\x00${'\xff\xe0\x00\x00'.repeat(50)}`))?.size).toBeNull();
});
