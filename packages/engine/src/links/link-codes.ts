import { randomFillSync } from 'node:crypto';
import { linkCodeLength } from '@signalbox/nodes/text/links';

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Bytes from here on would make the first letters likelier. */
const even = 256 - (256 % letters.length);

/** Makes codes of short links that nobody can guess: 53 bits each, from `fill`, the machine's own randomness unless given. */
export function createLinkCodes(fill: (bytes: Uint8Array) => Uint8Array = randomFillSync): () => string {
  const bytes = new Uint8Array(1_024);
  let offset = bytes.length;
  const letter = (): string => {
    for (;;) {
      if (offset === bytes.length) {
        fill(bytes);
        offset = 0;
      }
      const byte = bytes[offset] ?? even;
      offset += 1;
      if (byte < even) return letters.charAt(byte % letters.length);
    }
  };
  return () => Array.from({ length: linkCodeLength }, letter).join('');
}
