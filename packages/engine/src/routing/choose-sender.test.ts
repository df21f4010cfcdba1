import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Candidate, chooseSender, type Route, type Wanted } from './choose-sender.ts';

const sender = (id: string, isOpen = true): Candidate => ({
  id,
  accountId: `account of ${id}`,
  address: id,
  isOpen,
  takesMedia: () => true,
  wantsProbe: false,
});
const route = (id: string, senders: readonly string[], rest: Partial<Route> = {}): Route => ({
  id,
  countries: [],
  purposes: [],
  mode: 'order',
  senders: senders.map((each) => ({ id: each, weight: 1 })),
  ...rest,
});
const wanted: Wanted = { country: 'US', purpose: 'marketing', preferred: null, last: null, hasMedia: false, draw: 0.4 };
const all = [sender('old'), sender('new'), sender('au')];
const chosen = (senders: readonly Candidate[], routes: readonly Route[], want: Partial<Wanted> = {}) => {
  const found = chooseSender(senders, routes, { ...wanted, ...want });
  return found === null ? null : [found.sender.address, found.routeId, found.why];
};

describe('without routes', () => {
  test('the oldest sends', () => expect(chosen(all, [])).toEqual(['old', null, 'oldest']));
  test('somebody keeps the sender that they know', () =>
    expect(chosen(all, [], { last: 'new' })).toEqual(['new', null, 'sticky']));
  test('what was asked for is taken', () =>
    expect(chosen(all, [], { preferred: 'au', last: 'new' })).toEqual(['au', null, 'preferred']));
  test('one that is gone is not', () =>
    expect(chosen(all, [], { preferred: 'gone', last: 'gone' })).toEqual(['old', null, 'oldest']));
  test('one that is closed is passed by, also where somebody knows it', () => {
    expect(chosen([sender('old', false), sender('new')], [], { last: 'old' })).toEqual(['new', null, 'oldest']);
  });
  test('with everything closed a message waits for the oldest', () => {
    expect(chosen([sender('old', false), sender('new', false)], [])).toEqual(['old', null, 'oldest']);
  });
  test('nothing sends where there is nothing', () => expect(chosen([], [])).toBeNull());
});

describe('with routes', () => {
  const routes = [
    route('down under', ['au'], { countries: ['AU', 'NZ'] }),
    route('codes', ['new'], { purposes: ['otp'] }),
    route('rest', ['old', 'new']),
  ];
  test('the first that fits is taken: by country', () =>
    expect(chosen(all, routes, { country: 'NZ' })).toEqual(['au', 'down under', 'route']));
  test('by purpose', () => expect(chosen(all, routes, { purpose: 'otp' })).toEqual(['new', 'codes', 'route']));
  test('or the one for everything', () => expect(chosen(all, routes)).toEqual(['old', 'rest', 'route']));
  test('a number of no country fits no country', () =>
    expect(chosen(all, routes, { country: null })).toEqual(['old', 'rest', 'route']));
  test('somebody keeps the sender that they know, where the route has it', () => {
    expect(chosen(all, routes, { last: 'new' })).toEqual(['new', 'rest', 'sticky']);
    expect(chosen(all, routes, { last: 'old', country: 'AU' })).toEqual(['au', 'down under', 'route']);
  });
  test('a closed sender gives way to the next of the route, then to the next route', () => {
    expect(chosen([sender('old', false), sender('new')], routes)).toEqual(['new', 'rest', 'route']);
    expect(chosen([sender('old'), sender('au', false)], routes, { country: 'AU' })).toEqual(['old', 'rest', 'route']);
  });
  test('with all of them closed a message waits where it would have gone', () => {
    const closed = all.map(({ id }) => sender(id, false));
    expect(chosen(closed, routes, { country: 'AU' })).toEqual(['au', 'down under', 'route']);
  });
  test('a route whose senders are gone is none', () =>
    expect(chosen(all, [route('empty', ['gone'])])).toEqual(['old', null, 'oldest']));
});

test('people are spread by weight, and each keeps their sender while the weights are as they are', () => {
  const spread = [
    route('spread', [], {
      mode: 'weight',
      senders: [
        { id: 'old', weight: 3 },
        { id: 'new', weight: 1 },
      ],
    }),
  ];
  const shares = Array.from({ length: 1_000 }, (_, index) => chosen(all, spread, { draw: index / 1_000 })?.[0]);
  expect(shares.filter((address) => address === 'old')).toHaveLength(750);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (draw) => {
      expect(chosen(all, spread, { draw })).toEqual(chosen(all, spread, { draw }));
    }),
  );
});

test('whatever is open and fits, nothing closed is chosen while something open would do', () => {
  const ids = ['a', 'b', 'c', 'd'];
  const anyRoute = fc.record({ senders: fc.subarray(ids), mode: fc.constantFrom('order' as const, 'weight' as const) });
  fc.assert(
    fc.property(
      fc.subarray(ids),
      fc.array(anyRoute, { maxLength: 3 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.constantFrom(null, ...ids),
      (open, given, draw, last) => {
        const senders = ids.map((id) => sender(id, open.includes(id)));
        const routes = given.map((each, index) => route(`r${index}`, each.senders, { mode: each.mode }));
        const reachable = routes.some((each) => each.senders.length > 0)
          ? routes.flatMap((each) => each.senders.map(({ id }) => id))
          : ids;
        const found = chooseSender(senders, routes, { ...wanted, draw, last });
        expect(reachable).toContain(found?.sender.address);
        if (reachable.some((id) => open.includes(id))) expect(open).toContain(found?.sender.address);
      },
    ),
  );
});

test('a message with pictures passes over senders whose provider sends none, also where somebody knows one of them', () => {
  const plain = { ...sender('plain'), takesMedia: () => false };
  const able = sender('able');
  const hasMedia = { ...wanted, hasMedia: true };
  expect(chooseSender([plain, able], [], hasMedia)?.sender.address).toBe('able');
  expect(chooseSender([plain, able], [], { ...hasMedia, last: 'plain' })?.sender.address).toBe('able');
  const route: Route = {
    id: 'r',
    countries: [],
    purposes: [],
    mode: 'order',
    senders: [
      { id: 'plain', weight: 1 },
      { id: 'able', weight: 1 },
    ],
  };
  expect(chooseSender([plain, able], [route], hasMedia)?.sender.address).toBe('able');
  expect(chooseSender([plain, able], [route], wanted)?.sender.address).toBe('plain');
  // Where nobody can, or this one was asked for, the gate says why it does not go out.
  expect(chooseSender([plain], [route], hasMedia)?.sender.address).toBe('plain');
  expect(chooseSender([plain, able], [], { ...hasMedia, preferred: 'plain' })?.sender.address).toBe('plain');
});
