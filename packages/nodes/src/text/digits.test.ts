import { expect, it } from 'vitest';
import { withPlainDigits } from './digits.ts';

it('the digits of every script are 0 to 9', () => {
  expect(withPlainDigits('٠١٢٣٤٥٦٧٨٩ ۰۹ ०९ ௦௯ ๐๙ ０９ 𝟎𝟗 𝟶𝟿 𑛀𑛉')).toBe('0123456789 09 09 09 09 09 09 09 09');
  expect(withPlainDigits('١٬٢٠٠٫٥')).toBe('1,200.5');
  const digits = Array.from({ length: 0x110000 }, (_, code) => code)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code))
    .filter((character) => /\p{Nd}/u.test(character));
  expect(withPlainDigits(digits.join(''))).toBe('0123456789'.repeat(digits.length / 10));
});
