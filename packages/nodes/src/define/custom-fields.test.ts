import { describe, expect, test } from 'vitest';
import {
  type CustomField,
  type CustomFieldType,
  customFieldTypes,
  readCustomValue,
  typedText,
} from './custom-fields.ts';

const field = (type: CustomFieldType, options: readonly string[] = []): CustomField => ({
  key: 'asked',
  label: 'Asked',
  type,
  options,
  currency: type === 'money' ? 'USD' : null,
});

/** By type: what may be written with what is stored of it, then what is refused. */
const table: Readonly<
  Record<
    CustomFieldType,
    {
      readonly options?: readonly string[];
      readonly fits: ReadonlyArray<readonly [unknown, unknown]>;
      readonly refused: readonly unknown[];
    }
  >
> = {
  text: {
    fits: [
      [' Blue ', 'Blue'],
      [12, '12'],
      [true, 'true'],
    ],
    refused: [['Blue']],
  },
  number: {
    fits: [
      [12.5, 12.5],
      ['12.5', 12.5],
      ['1,200', 1200],
      ['-3', -3],
    ],
    refused: ['twelve', '25k', true, ['1'], Number.NaN],
  },
  money: {
    fits: [
      [12.5, '12.50'],
      ['12', '12.00'],
      ['$1,250.5', '1250.50'],
      ['-0.000001', '-0.000001'],
      ['007.10', '7.10'],
      ['12.50 €', '12.50'],
    ],
    refused: ['12,50', '1234567890', '0.0000001', 'twelve', true, ['12']],
  },
  date: {
    fits: [
      ['2026-11-30', '2026-11-30'],
      ['2024-02-29', '2024-02-29'],
      ['2026-11-30T17:35:00Z', '2026-11-30'],
    ],
    refused: ['2026-02-29', '2026-13-01', '30.11.2026', '11/30/2026', 20261130, true],
  },
  time: {
    fits: [
      ['09:30', '09:30'],
      ['9:30', '09:30'],
      ['23:59:59', '23:59'],
    ],
    refused: ['24:00', '9', '9:3', 930],
  },
  yes_no: {
    fits: [
      [true, true],
      ['Yes', true],
      ['no', false],
      ['FALSE', false],
      ['1', true],
      [0, false],
    ],
    refused: ['maybe', 2, ['yes']],
  },
  choice: {
    options: ['Basic', 'Premium'],
    fits: [
      ['Basic', 'Basic'],
      [' premium ', 'Premium'],
    ],
    refused: ['Gold', true, ['Basic']],
  },
  list: {
    options: ['tea', 'coffee'],
    fits: [
      ['Tea; coffee', ['tea', 'coffee']],
      [['coffee', 'coffee'], ['coffee']],
      [[], null],
      [' , ', null],
    ],
    refused: ['tea, milk', ['milk'], [['tea']], Array.from({ length: 51 }, () => 'x'.repeat(101))],
  },
};

describe.each(customFieldTypes)('A field of type %s', (type) => {
  const { options, fits, refused } = table[type];
  test('stores what fits in one form, and what it stored again as it is', () => {
    for (const [written, value] of fits) {
      expect(readCustomValue(field(type, options), written), String(written)).toEqual({ ok: true, value });
      expect(readCustomValue(field(type, options), value)).toEqual({ ok: true, value });
    }
  });
  test('refuses what does not, by its code', () => {
    for (const written of refused)
      expect(readCustomValue(field(type, options), written), String(written)).toMatchObject({
        ok: false,
        code: `field_${type}_unfit`,
      });
  });
  test('takes nothing for unknown', () => {
    for (const empty of [null, undefined, '', '  '])
      expect(readCustomValue(field(type, options), empty)).toEqual({ ok: true, value: null });
  });
});

test('a list without options takes any items, at most 50', () => {
  const items = (count: number) => Array.from({ length: count }, (_, at) => `item ${at}`);
  expect(readCustomValue(field('list'), items(50))).toEqual({ ok: true, value: items(50) });
  expect(readCustomValue(field('list'), items(51))).toMatchObject({ ok: false });
});

test('a text for an attribute without a field stays as it is', () => {
  expect(typedText(undefined, '12')).toEqual({ value: '12' });
  expect(typedText(undefined, '')).toEqual({ value: null });
  expect(typedText(field('number'), '12')).toEqual({ value: 12 });
  expect(typedText(field('number'), 'twelve')).toBeNull();
});
