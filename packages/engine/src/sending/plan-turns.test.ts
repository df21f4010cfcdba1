import { describe, expect, test } from 'vitest';
import { unfairness, wrongOrderness, zipf } from './order-measures.ts';
import { createTurnPlanner, type Places } from './plan-turns.ts';
import type { Backlog } from './turns.ts';

const backlog = (key: string, fields: Partial<Backlog> = {}): Backlog => ({
  workspaceId: 'w',
  accountId: 'a',
  lane: 5,
  sender: '+12025550100',
  flowId: key,
  first: { at: '2026-01-01 00:00:00+00', seq: '1' },
  workspaceWeight: 1,
  weight: 1,
  accountRate: null,
  senderRate: null,
  isDown: false,
  ...fields,
});
const everyLane = { from: 1, upTo: 6 };
const places = (all: number, slow = all): Places => ({ all, slow, claims: everyLane, limits: () => [] });

type Waiting = { readonly backlog: Backlog; left: number };

/** Plans and claims until nothing waits or so many are claimed; the place of each message's backlog among `waiting`, in the order of its claim. */
function claimAll(waiting: readonly Waiting[], free: Places, most = Number.POSITIVE_INFINITY): number[] {
  const planner = createTurnPlanner();
  const order: number[] = [];
  for (;;) {
    const ready = waiting.filter(({ left }) => left > 0);
    if (ready.length === 0 || order.length >= most) return order.slice(0, most);
    const plan = planner.plan(
      ready.map((each) => each.backlog),
      free,
    );
    const round: Array<{ turn: number; lane: number; place: number; key: number }> = [];
    for (const [place, take] of plan.entries()) {
      const key = waiting.findIndex((each) => each.backlog === take.backlog);
      const from = waiting[key];
      if (from === undefined) throw new Error('A plan took from a backlog that is not there.');
      const found = Math.min(from.left, take.places);
      from.left -= found;
      planner.taken(take, found, found);
      for (let index = 0; index < found; index += 1)
        round.push({ turn: (index + 0.5) / take.places, lane: take.backlog.lane, place, key });
    }
    round.sort((a, b) => a.lane - b.lane || a.turn - b.turn || a.place - b.place);
    order.push(...round.map(({ key }) => key));
  }
}

describe('turns', () => {
  test.each([
    ['10 flows of a workspace', 10, 225, 20, (key: string) => backlog(key)],
    ['10 workspaces', 10, 225, 20, (key: string) => backlog('f', { workspaceId: key, accountId: key })],
    ['1,000 workspaces', 1_000, 20_000, 128, (key: string) => backlog('f', { workspaceId: key, accountId: key })],
  ])(
    '%s with a backlog by Zipf’s law each have their first turn before others have many: unfairness below 1',
    (_, keys, messages, free, make) => {
      const waiting = zipf(keys, messages).map((left, index) => ({ backlog: make(String(index)), left }));
      const total = waiting.reduce((sum, { left }) => sum + left, 0);
      const order = claimAll(waiting, places(free));
      expect(order).toHaveLength(total);
      expect(unfairness(order)).toBeLessThan(1);
    },
  );

  test('lanes go in their order: wrong order below 0.1', () => {
    const lanes = Array.from({ length: 15 }, (_, index) => ({
      backlog: backlog(`${index}`, { lane: 1 + (index % 6) }),
      left: 15,
    }));
    const order = claimAll(lanes, places(20));
    expect(wrongOrderness(order.map((key) => 1 + (key % 6)))).toBeLessThan(0.1);
  });

  test('the last lane still moves behind lanes that never end', () => {
    const waiting = [1, 4, 6].map((lane) => ({ backlog: backlog(`${lane}`, { lane }), left: 1_000_000 }));
    const order = claimAll(waiting, places(64), 10_000);
    const share = (key: number) => order.filter((each) => each === key).length / order.length;
    expect(share(2)).toBeGreaterThanOrEqual(0.01);
    expect(share(2)).toBeLessThan(0.05);
    expect(share(0)).toBeGreaterThan(0.85);
  });

  test('flows of a workspace share by their weight', () => {
    const waiting = [5, 3, 2].map((weight) => ({ backlog: backlog(`${weight}`, { weight }), left: 1_000_000 }));
    const order = claimAll(waiting, places(128), 10_000);
    const shares = [0, 1, 2].map((key) => order.filter((each) => each === key).length / order.length);
    for (const [index, expected] of [0.5, 0.3, 0.2].entries()) expect(shares[index]).toBeCloseTo(expected, 1);
  });

  test('workspaces share by theirs', () => {
    const waiting = [3, 1].map((workspaceWeight) => ({
      backlog: backlog('f', { workspaceId: `w${workspaceWeight}`, accountId: `a${workspaceWeight}`, workspaceWeight }),
      left: 1_000_000,
    }));
    const order = claimAll(waiting, places(128), 10_000);
    expect(order.filter((key) => key === 0).length / order.length).toBeCloseTo(0.75, 1);
  });

  test('a workspace with many flows has no more than one with one', () => {
    const waiting = [
      ...Array.from({ length: 9 }, (_, index) => ({ backlog: backlog(`f${index}`), left: 10_000 })),
      { backlog: backlog('only', { workspaceId: 'other', accountId: 'b' }), left: 10_000 },
    ];
    const order = claimAll(waiting, places(128), 5_000);
    expect(order.filter((key) => key === 9).length / order.length).toBeCloseTo(0.5, 1);
  });

  test('200 workspaces beside a campaign of a million are done when they would be without it, or in twice the time', () => {
    const doneBy = (withCampaign: boolean): number => {
      const small = Array.from({ length: 200 }, (_, index) => ({
        backlog: backlog('f', { workspaceId: `small${index}`, accountId: `small${index}` }),
        left: 100,
      }));
      const campaign = { backlog: backlog('campaign', { workspaceId: 'big', accountId: 'big' }), left: 1_000_000 };
      const order = claimAll(withCampaign ? [campaign, ...small] : small, places(128), 25_000);
      return order.length - order.toReversed().findIndex((key) => !withCampaign || key > 0);
    };
    expect(doneBy(true)).toBeLessThanOrEqual(2 * doneBy(false));
  });

  test('places are kept for what somebody waits for, which may have all of them', () => {
    const planner = createTurnPlanner();
    const campaign = backlog('campaign');
    const otp = backlog('otp', { lane: 1 });
    expect(planner.plan([campaign], places(100, 80))).toEqual([{ backlog: campaign, places: 80 }]);
    expect(planner.plan([campaign, otp], places(20, 0))).toEqual([{ backlog: otp, places: 20 }]);
  });

  test('a backlog that gave nothing is asked for one message at a time, until it gives again', () => {
    const planner = createTurnPlanner();
    const blocked = backlog('blocked');
    const open = backlog('open');
    const planned = () =>
      new Map(planner.plan([blocked, open], places(100)).map((take) => [take.backlog, take.places]));
    expect(planned().get(blocked)).toBeGreaterThan(40);
    planner.taken({ backlog: blocked, places: 50 }, 0, 0);
    planner.taken({ backlog: open, places: 50 }, 50, 50);
    expect(planned().get(blocked)).toBe(1);
    expect(planned().get(open)).toBe(99);
    planner.taken({ backlog: blocked, places: 1 }, 1, 1);
    expect(planned().get(blocked)).toBe(2);
  });

  test('no more is claimed than an account and its senders may send now, by the segments of the last claim', () => {
    const planner = createTurnPlanner();
    const [one, other] = [backlog('one'), backlog('other', { sender: '+12025550101' })];
    const account = {};
    const limited: Places = { all: 100, slow: 100, claims: everyLane, limits: () => [{ of: account, free: 10 }] };
    const total = () => planner.plan([one, other], limited).reduce((sum, take) => sum + take.places, 0);
    expect(total(), 'one each, until it is known how long they are').toBe(2);
    planner.taken({ backlog: one, places: 1 }, 1, 2);
    planner.taken({ backlog: other, places: 1 }, 1, 3);
    expect(total()).toBeLessThanOrEqual(5);
    expect(total()).toBeGreaterThanOrEqual(3);
    expect(planner.plan([one], { ...limited, limits: () => [{ of: account, free: 0 }] })).toEqual([]);
  });

  test('a lane that is planned beside others has what it is owed of a rate that those would use up', () => {
    const planner = createTurnPlanner();
    const [otp, bulk] = [backlog('otp', { lane: 1 }), backlog('bulk', { lane: 6 })];
    const [had, account] = [{ otp: 0, bulk: 0 }, {}];
    const limited = { all: 100, slow: 80, limits: () => [{ of: account, free: 10 }] };
    for (let round = 0; round < 200; round += 1) {
      for (const take of planner.plan([otp], { ...limited, claims: { from: 1, upTo: 3 } })) {
        had.otp += take.places;
        planner.taken(take, take.places, take.places);
      }
      for (const take of planner.plan([otp, bulk], { ...limited, claims: { from: 4, upTo: 6 } })) {
        expect(take.backlog, 'turns of the others are from their own plans').toBe(bulk);
        had.bulk += take.places;
        planner.taken(take, take.places, take.places);
      }
    }
    expect(had.bulk / had.otp).toBeGreaterThan(0.015);
    expect(had.bulk / had.otp).toBeLessThan(0.06);
  });
});
