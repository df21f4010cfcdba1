import { describe, expect, test } from 'vitest';
import { isTimeZone } from '../time/zoned-time.ts';
import { placeOfNumber } from './number-place.ts';
import { stateOfAreaCode, usStates, zonesOfState } from './us-states.ts';

describe('the place of a number', () => {
  test.each([
    ['+12125550123', 'US', ['NY'], ['America/New_York']],
    ['+18505550123', 'US', ['FL'], ['America/New_York', 'America/Chicago']],
    ['+19285550123', 'US', ['AZ'], ['America/Phoenix', 'America/Denver']],
    ['+14165550123', 'CA', [], expect.arrayContaining(['America/Toronto', 'America/Vancouver'])],
    ['+18765550123', 'JM', [], ['America/Jamaica']],
    ['+61491570156', 'AU', [], expect.arrayContaining(['Australia/Perth', 'Australia/Sydney', 'Australia/Darwin'])],
    ['+4915123456789', 'DE', [], expect.arrayContaining(['Europe/Berlin'])],
    ['+79161234567', 'RU', [], expect.arrayContaining(['Europe/Moscow', 'Asia/Vladivostok'])],
  ])('%s', (number, country, states, zones) => {
    expect(placeOfNumber(number)).toEqual({ country, kind: 'ordinary', states, zones });
  });

  test('of a toll-free number of the USA is every state: whoever has it may be anywhere', () => {
    expect(placeOfNumber('+18005550123')).toMatchObject({ country: 'US', states: usStates });
  });

  test.each([
    ['+19005550123', 'premium'],
    ['+611900123456', 'premium'],
    ['+881612345678', 'satellite'],
    ['+870773123456', 'satellite'],
    ['+979123456789', 'premium'],
  ])('%s is %s', (number, kind) => expect(placeOfNumber(number).kind).toBe(kind));

  test('of what is no number any more is nowhere', () => {
    expect(placeOfNumber('+999123')).toEqual({ country: null, kind: 'ordinary', states: [], zones: [] });
  });
});

test('every state has zones that there are, and no area code is in two', () => {
  expect(usStates).toHaveLength(51);
  for (const state of usStates) {
    expect([state, zonesOfState(state).length > 0 && zonesOfState(state).every(isTimeZone)]).toEqual([state, true]);
  }
  const codes = Array.from({ length: 800 }, (_, index) => String(200 + index));
  expect(codes.filter((code) => stateOfAreaCode(code) !== null).length).toBeGreaterThan(340);
});
