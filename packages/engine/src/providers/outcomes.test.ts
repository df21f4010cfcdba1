import { describe, expect, test } from 'vitest';
import { OutgoingError } from '../http/outgoing.ts';
import { checkBalance, errorCodeOf, microUnits, outcomeOfSend, refusedBy } from './outcomes.ts';

describe('an amount in millionths', () => {
  test.each<readonly [string | number, bigint]>([
    ['12.3456', 12_345_600n],
    ['12', 12_000_000n],
    ['12.', 12_000_000n],
    ['.5', 500_000n],
    ['+1.5', 1_500_000n],
    [' 7.25\n', 7_250_000n],
    ['0', 0n],
    [12.3, 12_300_000n],
    [0.0079, 7_900n],
    ['90071992547409.931234', 90_071_992_547_409_931_234n],
  ])('of %j is %s', (amount, micro) => {
    expect(microUnits(amount)).toBe(micro);
  });

  test.each<readonly [string | number, bigint]>([
    ['-0.5', -500_000n],
    [-12.3, -12_300_000n],
    ['-0', 0n],
    ['-.0000005', -1n],
  ])('may be negative: %j', (amount, micro) => {
    expect(microUnits(amount)).toBe(micro);
  });

  test.each<readonly [string | number, bigint]>([
    ['1e3', 1_000_000_000n],
    ['1.5E+2', 150_000_000n],
    ['2.5e-3', 2_500n],
    [1e-7, 0n],
    [5e-7, 1n],
    [1e21, 10n ** 27n],
    ['1e-99', 0n],
    ['1e99', 10n ** 105n],
  ])('may have an exponent: %j', (amount, micro) => {
    expect(microUnits(amount)).toBe(micro);
  });

  test.each<readonly [string, bigint]>([
    ['0.0000004', 0n],
    ['0.0000005', 1n],
    ['0.0000014999', 1n],
    ['0.0000015', 2n],
    ['-0.0000015', -2n],
    ['-0.0000004', 0n],
  ])('is rounded half away from zero: %s', (amount, micro) => {
    expect(microUnits(amount)).toBe(micro);
  });

  test.each([
    '',
    ' ',
    '.',
    '-',
    'e3',
    'free',
    '1,5',
    '1.2.3',
    '--1',
    '0x10',
    '1e100',
    '1e',
    '1 2',
    '1n',
    '٣',
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])('is not made of %j', (amount) => {
    expect(() => microUnits(amount)).toThrow('no amount');
  });
});

const answer = (status: number, text = '', headers: Readonly<Record<string, string>> = {}) => ({
  status,
  text,
  header: (name: string) => headers[name] ?? null,
});

describe('the check of an account', () => {
  const read = (text: string) => ({ microUnits: microUnits(text), currency: 'EUR' });
  const check = (status: number, text = '') => checkBalance(async () => answer(status, text), read);

  test('tells the balance, or that there is none to be told', async () => {
    expect(await check(200, '1.5')).toEqual({ ok: true, balance: { microUnits: 1_500_000n, currency: 'EUR' } });
    expect(
      await checkBalance(
        async () => answer(200),
        () => null,
      ),
    ).toEqual({ ok: true, balance: null });
  });

  test.each([
    [401, 'auth'],
    [402, 'funds'],
    [403, 'auth'],
    [429, 'throttled'],
    [201, 'transient'],
    [302, 'transient'],
    [404, 'transient'],
    [500, 'transient'],
  ])('by an answer of %i is %s', async (status, errorClass) => {
    expect(await check(status, '1.5')).toEqual({ ok: false, errorClass, code: `http_${status}` });
  });

  test('goes by what is wrong where that is said under 200', async () => {
    const wrong = { ok: false, errorClass: 'auth', code: 'wrong_password' } as const;
    expect(
      await checkBalance(
        async () => answer(200),
        () => wrong,
      ),
    ).toEqual(wrong);
  });

  test('survives an answer of somebody else’s, and none at all', async () => {
    expect(await check(200, '<html>')).toEqual({ ok: false, errorClass: 'transient', code: 'unreadable' });
    const silent = () => Promise.reject(new OutgoingError('timeout', true));
    expect(await checkBalance(silent, read)).toEqual({ ok: false, errorClass: 'transient', code: 'timeout' });
  });
});

describe('what a send came to', () => {
  const accepted = { kind: 'accepted', providerId: '1' } as const;
  test('is what the answer says', async () => {
    expect(
      await outcomeOfSend(
        async () => answer(200),
        () => accepted,
      ),
    ).toEqual(accepted);
  });

  test.each([
    [new OutgoingError('timeout', true), { kind: 'ambiguous', code: 'timeout' }],
    [
      new OutgoingError('ECONNREFUSED', false),
      { kind: 'refused', errorClass: 'transient', code: 'ECONNREFUSED', retryAfterMs: null },
    ],
    [new TypeError('a mistake of ours'), { kind: 'ambiguous', code: 'network' }],
  ])('goes without an answer by whether anything can have left: %s', async (error, outcome) => {
    expect(
      await outcomeOfSend(
        () => Promise.reject(error),
        () => accepted,
      ),
    ).toEqual(outcome);
  });

  test('is in doubt where nobody could read the answer', async () => {
    const read = () => {
      throw new TypeError('a mistake of ours');
    };
    expect(await outcomeOfSend(async () => answer(200), read)).toEqual({ kind: 'ambiguous', code: 'network' });
  });

  test.each([
    [undefined, null],
    ['7', 7_000],
    ['0', null],
    ['86400', 3_600_000],
    ['-1', null],
    ['Wed, 21 Oct 2026 07:28:00 GMT', null],
  ])('may be tried again after %j', (after, retryAfterMs) => {
    const headers: Record<string, string> = after === undefined ? {} : { 'retry-after': after };
    const refused = { kind: 'refused', errorClass: 'throttled', code: 'http_429', retryAfterMs };
    expect(refusedBy(answer(429, '', headers), 'throttled')).toEqual(refused);
  });
});

test.each([
  ['', null],
  ['0', null],
  ['000', null],
  [' 0 ', null],
  ['4406', '4406'],
  [' 010 ', '010'],
])('the error code %j is %j', (told, code) => {
  expect(errorCodeOf(told)).toBe(code);
});
