import { describe, expect, test } from 'vitest';
import { shareOf, takeTurns, waitsForRoom } from './turns.ts';

const account = (accountId: string, lane: number) => ({ accountId, lane });
const ids = (turns: ReadonlyArray<{ readonly accountId: string }>) => turns.map((turn) => turn.accountId);

describe('turns between accounts', () => {
  test('whoever was served longest ago is next, so a campaign starves nobody', () => {
    const ready = [account('a', 5), account('b', 5), account('c', 5)];
    const served = new Map<string, number>();
    const order: string[] = [];
    for (let turn = 1; turn <= 6; turn += 1) {
      const first = takeTurns(ready, served)[0];
      if (first === undefined) throw new Error('Nobody was ready.');
      order.push(first.accountId);
      served.set(first.accountId, turn);
    }
    expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });

  test('what somebody waits for goes before campaigns, best lane first', () => {
    const ready = [account('campaign', 5), account('reply', 3), account('otp', 1)];
    expect(ids(takeTurns(ready, new Map([['otp', 9]])))).toEqual(['otp', 'reply', 'campaign']);
  });

  test('the free places are shared among those that are left, at least one each', () => {
    expect(shareOf(100, 4)).toBe(25);
    expect(shareOf(75, 3)).toBe(25);
    expect(shareOf(2, 5)).toBe(1);
    expect(shareOf(256, 1)).toBe(256);
  });

  test.each([
    ['a whole batch that is free', { lane: 5, room: 128, accounts: 1, inFlight: 100 }, false],
    ['one place too few for a batch', { lane: 5, room: 127, accounts: 1, inFlight: 100 }, true],
    ['a fair part of a batch, of four accounts', { lane: 5, room: 32, accounts: 4, inFlight: 100 }, false],
    ['less than that part', { lane: 5, room: 31, accounts: 4, inFlight: 100 }, true],
    ['one place for a reply', { lane: 3, room: 1, accounts: 1, inFlight: 255 }, false],
    ['no place for a reply', { lane: 3, room: 0, accounts: 1, inFlight: 256 }, true],
    ['nothing in flight: nothing to wait for', { lane: 5, room: 3, accounts: 1, inFlight: 0 }, false],
  ])('claims come in batches: %s', (_, options, waits) => {
    expect(waitsForRoom({ ...options, claimSize: 128 })).toBe(waits);
  });
});
