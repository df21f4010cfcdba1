import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { describe, expect, it } from 'vitest';
import { countSegments, forcingCharacters, replaceForcingCharacters, segmentText } from './segments.ts';

const family = '👨‍👩‍👧‍👦';
const facts: ReadonlyArray<readonly [string, string, 'GSM-7' | 'UCS-2', number]> = [
  ['160 letters', 'a'.repeat(160), 'GSM-7', 1],
  ['161 letters', 'a'.repeat(161), 'GSM-7', 2],
  ['306 letters', 'a'.repeat(306), 'GSM-7', 2],
  ['307 letters', 'a'.repeat(307), 'GSM-7', 3],
  ['80 euros', '€'.repeat(80), 'GSM-7', 1],
  ['81 euros', '€'.repeat(81), 'GSM-7', 2],
  ['70 ideographs', '你'.repeat(70), 'UCS-2', 1],
  ['71 ideographs', '你'.repeat(71), 'UCS-2', 2],
  ['35 emoji', '😀'.repeat(35), 'UCS-2', 1],
  ['36 emoji', '😀'.repeat(36), 'UCS-2', 2],
  ['an escaped character does not straddle', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 3],
  ['a surrogate pair does not straddle', `${'你'.repeat(66)}😀${'你'.repeat(66)}`, 'UCS-2', 3],
  ['7 families', family.repeat(7), 'UCS-2', 2],
  ['Ç and ñ', 'Çñ', 'GSM-7', 1],
  ['ç', 'ç', 'UCS-2', 1],
  ['backtick', '`', 'UCS-2', 1],
  ['tab', '\t', 'UCS-2', 1],
  ['no-break space', '\u00a0', 'UCS-2', 1],
  ['ş', 'ş', 'UCS-2', 1],
  ['Δ', 'Δ', 'GSM-7', 1],
  ['86 characters with an emoji at the end', `this is a ${']'.repeat(74)}😘`, 'UCS-2', 2],
  ['a euro behind 159 letters', `${'a'.repeat(159)}€`, 'GSM-7', 2],
  ['a euro behind 158 letters', `${'a'.repeat(158)}€`, 'GSM-7', 1],
  ['a euro behind 305 letters', `${'a'.repeat(305)}€`, 'GSM-7', 3],
  ['a euro behind 304 letters', `${'a'.repeat(304)}€`, 'GSM-7', 2],
  ['smart quotes', `“q”${'a'.repeat(150)}`, 'UCS-2', 3],
];

describe('segments', () => {
  for (const [name, text, encoding, segments] of facts) {
    it(name, () => {
      expect(countSegments(text)).toMatchObject({ encoding, segments });
      expect(segmentText(text).ranges).toHaveLength(segments);
    });
  }

  it('an empty text needs none', () => {
    expect(segmentText('')).toEqual({
      encoding: 'GSM-7',
      characters: 0,
      segments: 0,
      remaining: 160,
      ranges: [],
      forcing: [],
    });
  });

  it('a letter under a tower of marks takes the segments that its units need', () => {
    for (const [marks, segments] of [
      [200, 3],
      [300, 5],
    ] as const) {
      const { ranges, ...count } = segmentText(`a${'\u0301'.repeat(marks)}`);
      expect(count).toMatchObject({ encoding: 'UCS-2', characters: marks + 1, segments });
      expect(ranges.map(({ start, end }) => end - start > 0 && end - start <= 67)).toEqual(Array(segments).fill(true));
    }
  });

  it('a line break of two characters counts two', () => {
    expect(countSegments('\r\n').characters).toBe(2);
    expect(countSegments(`${'a'.repeat(158)}\r\n`).segments).toBe(1);
    expect(countSegments(`${'a'.repeat(159)}\r\n`).segments).toBe(2);
  });

  it('counts the room that is left', () => {
    expect(countSegments('abc').remaining).toBe(157);
    expect(countSegments('a'.repeat(161)).remaining).toBe(145);
    expect(countSegments('你').remaining).toBe(69);
    expect(countSegments('你'.repeat(71)).remaining).toBe(63);
  });

  it('names the characters that force UCS-2, with their places and replacements', () => {
    expect(segmentText('Hi 😀 it’s…').forcing).toEqual([
      { index: 3, character: '😀', replacement: null },
      { index: 8, character: '’', replacement: "'" },
      { index: 10, character: '…', replacement: '...' },
    ]);
    expect(replaceForcingCharacters('“a”–b\u00a0c… 😀')).toBe('"a"-b c... 😀');
    expect(segmentText(replaceForcingCharacters('“Well…” – it’s')).encoding).toBe('GSM-7');
  });

  it('every replacement is itself in GSM-7', () => {
    const replaced = replaceForcingCharacters(
      '‘’‚‛ʹʻʼʽˈˊˋ`´′＇“”„‟″«»ʺˮ＂‐‑‒–—―−﹘﹣－\t\u00a0\u2009\u3000•·∙●▪‣⁄∕／÷…×¼½¾™©®‹›！？，。：；\u200b\u2028',
    );
    expect(forcingCharacters(replaced)).toEqual([]);
  });
});

describe('segments of any text', () => {
  const gsm = fc.string({ unit: fc.constantFrom(...'aé@Δ€{}[]\n 1'), maxLength: 500 });
  const mixed = fc.string({ unit: fc.constantFrom(...'aé€你ş😀’', family), maxLength: 200 });

  const plain = fc.string({ unit: fc.constantFrom(...'aé€你ş’…日のжΩ—™😀🎉🚀🤖'), maxLength: 300 });

  it('agree with the calculator', () => {
    fc.assert(
      fc.property(fc.oneof(gsm, mixed, plain, fc.string({ unit: 'grapheme', maxLength: 200 })), (text) => {
        fc.pre(text !== '');
        const message = new SegmentedMessage(text);
        const count = countSegments(text);
        expect(count.encoding).toBe(message.encodingName);
        expect(count.segments).toBe(message.segmentsCount);
      }),
    );
  });

  it('cover the text without gap, overlap or torn characters, each within its limit', () => {
    fc.assert(
      fc.property(fc.oneof(gsm, mixed), (text) => {
        const { ranges, encoding, segments, characters, remaining } = segmentText(text);
        expect(ranges.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
        const sizes = ranges.map(({ start, end }) => countSegments(text.slice(start, end)));
        const limit = encoding === 'GSM-7' ? [160, 153] : [70, 67];
        ranges.forEach(({ start, end }, index) => {
          const part = text.slice(start, end);
          const size = encoding === 'GSM-7' ? (sizes[index]?.characters ?? 0) : part.length;
          expect(size).toBeLessThanOrEqual((segments === 1 ? limit[0] : limit[1]) ?? 0);
          expect(part.isWellFormed()).toBe(true);
          if (index === ranges.length - 1) expect(remaining).toBe(((segments === 1 ? limit[0] : limit[1]) ?? 0) - size);
        });
        expect(characters).toBeGreaterThanOrEqual(segments);
      }),
    );
  });

  it('forcing characters are exactly those whose removal leaves GSM-7', () => {
    fc.assert(
      fc.property(mixed, (text) => {
        const forcing = forcingCharacters(text);
        for (const { index, character } of forcing) expect(text.slice(index, index + character.length)).toBe(character);
        const kept = [...text]
          .filter((character) => !forcing.some((forced) => forced.character === character))
          .join('');
        expect(countSegments(kept).encoding).toBe('GSM-7');
        expect(forcing.length > 0).toBe(countSegments(text).encoding === 'UCS-2');
      }),
    );
  });
});
