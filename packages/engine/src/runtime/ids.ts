import { randomFillSync } from 'node:crypto';

/** Makes ids; injected, so that tests can repeat them. */
export type Ids = { readonly uuid: () => string };

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** UUIDv7 (RFC 9562 §5.7) in order of creation within a process: the 12 bits after the time count up within a millisecond. */
export function createIds(now: () => number): Ids {
  const random = new Uint8Array(2_048);
  let offset = random.length;
  let last = 0;
  let counter = 0;
  return {
    uuid() {
      const time = now();
      if (time > last) {
        last = time;
        counter = 0;
      } else if (++counter > 0xfff) {
        last += 1;
        counter = 0;
      }
      if (offset + 8 > random.length) {
        randomFillSync(random);
        offset = 0;
      }
      const byte = (index: number): string => hex[random[offset + index] ?? 0] ?? '00';
      const time48 = last.toString(16).padStart(12, '0');
      const variant = hex[0x80 | ((random[offset] ?? 0) & 0x3f)] ?? '80';
      const id = `${time48.slice(0, 8)}-${time48.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant}${byte(1)}-${byte(2)}${byte(3)}${byte(4)}${byte(5)}${byte(6)}${byte(7)}`;
      offset += 8;
      return id;
    },
  };
}

/** The lowest UUIDv7 of a millisecond: whatever was made earlier comes before it. */
export function lowestIdAt(ms: number): string {
  const time48 = Math.max(0, Math.trunc(ms)).toString(16).padStart(12, '0');
  return `${time48.slice(0, 8)}-${time48.slice(8)}-7000-8000-000000000000`;
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** The id as the API shows it: `flw_` and 26 characters of Crockford's base32. */
export function showId(prefix: string, uuid: string): string {
  let value = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let text = '';
  for (let index = 0; index < 26; index += 1) {
    text = (alphabet[Number(value & 31n)] ?? '0') + text;
    value >>= 5n;
  }
  return `${prefix}_${text}`;
}

/** The UUID behind a shown id, or null where it is not one with this prefix. */
export function readId(prefix: string, shown: string): string | null {
  if (!shown.startsWith(`${prefix}_`) || shown.length !== prefix.length + 27) return null;
  let value = 0n;
  for (const character of shown.slice(prefix.length + 1)) {
    const digit = alphabet.indexOf(character);
    if (digit < 0) return null;
    value = (value << 5n) | BigInt(digit);
  }
  if (value >> 128n !== 0n) return null;
  const text = value.toString(16).padStart(32, '0');
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}
