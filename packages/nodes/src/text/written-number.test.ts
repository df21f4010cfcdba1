import { describe, expect, it } from 'vitest';
import { readWrittenNumber } from './written-number.ts';

/** Each is 25, with what people and their keyboards put around it. */
const plain = [
  ...[
    '25',
    '25.',
    '25!',
    '25 !',
    '25…',
    '25。',
    '２５。',
    '２５।',
    '25।',
    '25、',
    '٢٥',
    '٢٥۔',
    '٢٥؟',
    '۲۵',
    '25\u3000',
  ],
  ...['«25»', '「25」', '[25]', '(25)', '*25*', '25 👍', '25 ;)', '+25', '25.0', '25%', '25 ٪', '25°', '25°C'],
  ...[
    '$25',
    '25€',
    '25 €.',
    '25usd',
    '25yrs',
    '25 yrs.',
    '25years old',
    '25yo',
    '25y',
    '25 y/o',
    '25-year-old',
    '25kg',
  ],
  ...[
    '25cm',
    '25mins',
    '25h',
    '25g',
    '25ppl',
    '25 people please',
    '25 ans',
    '25Jahre',
    '25 лет',
    '25岁',
    '25歳',
    '25살',
  ],
  ...['25ปี', '25साल', '25سنة'],
];
/** What makes another number, a time, a place in a row or a part of an address of it, or leaves it open. */
const others = [
  ...[
    '25th',
    '25th of May',
    '25-th',
    '21st',
    '1er',
    '2do',
    '3ème',
    '25º',
    '25ª',
    '25й',
    '25-й',
    '5B',
    '12a',
    '5-b',
    '5x',
  ],
  ...[
    '25k',
    '25 k',
    '25m',
    '25mil',
    '25hundred',
    '5-hundred',
    '5 тысяч',
    '5к',
    '5 हज़ार',
    '5 ألف',
    '5 آلاف',
    '25 triệu',
  ],
  ...['25万', '2.5千', '25만원', '5割', '5ล้าน', '5pm', '5 pm', '5 p.m.', '5時', '5月', '3日', '25h30', '25:30', '6ft2'],
  ...[
    '25-',
    '25–',
    '25/',
    '25-30',
    '25/30',
    '25+',
    '~25',
    '#25',
    '25#',
    '25&',
    '25‰',
    '25,5',
    '25.5.5',
    '1e5',
    '25²',
    '②5',
  ],
  ...['25ish', '25 or so', '25 and a half', 'call 25', '25 is what I am now', 'twenty', '', '.', '25'.repeat(60)],
];

describe('a number as people write it', () => {
  for (const text of plain) it(`${JSON.stringify(text)} is 25`, () => expect(readWrittenNumber(text)).toBe(25));
  for (const text of others)
    it(`${JSON.stringify(text)} is none rather than a wrong one`, () => expect(readWrittenNumber(text)).toBeNull());

  it('has commas between thousands, and a sign', () => {
    expect(readWrittenNumber('1,200kg')).toBe(1_200);
    expect(readWrittenNumber('١٬٢٠٠٫٥')).toBe(1_200.5);
    expect(readWrittenNumber('–5°')).toBe(-5);
    expect(readWrittenNumber('.5l')).toBeNull();
  });
});
