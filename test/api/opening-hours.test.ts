import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiHarness, startApiHarness } from './client.ts';

/** Christmas Day of 2026, a Friday, at noon. */
const now = new Date('2026-12-25T12:00:00Z');
let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ clock: { now: () => now, monotonic: () => performance.now() } });
});
afterAll(() => api.close());

const path = '/api/v1/opening-hours';
const set = (body: object, match = '*') => api.call('PATCH', path, { body, headers: { 'if-match': match } });

test('a workspace is always open until somebody says otherwise', async () => {
  const { body } = await api.call('GET', path);
  expect(body).toMatchObject({ hours: [], holidays: false, is_open: true, opens_at: now.toISOString(), revision: 0 });
});

test('what is left out stays as it is, and a day each is kept once, in order', async () => {
  const hours = [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }];
  expect(await set({ hours, holidays: true })).toMatchObject({
    status: 200,
    body: { is_open: false, opens_at: '2026-12-28T09:00:00.000Z', revision: 1 },
  });
  const days = ['2026-12-29', '2026-12-28', '2026-12-29'].map((date, index) => ({ date, name: `Day ${index}` }));
  expect(await set({ closed_days: days }, '"1"')).toMatchObject({
    status: 200,
    body: {
      hours,
      closed_days: [
        { date: '2026-12-28', name: 'Day 1' },
        { date: '2026-12-29', name: 'Day 2' },
      ],
      opens_at: '2026-12-30T09:00:00.000Z',
    },
  });
  expect(await set({ open_days: ['2026-12-25'] })).toMatchObject({ status: 200, body: { is_open: true } });
});

test('a change is refused to whoever did not see the last one, and at the field that does not fit', async () => {
  expect(await set({ holidays: false }, '"1"')).toMatchObject({ status: 412, body: { current: { revision: 3 } } });
  expect((await api.call('PATCH', path, { body: {} })).status).toBe(428);
  expect(await set({ region: 'AU-XX' })).toMatchObject({ status: 422, body: { errors: [{ path: ['region'] }] } });
  expect(await set({ closed_days: [{ date: '2026-02-30' }] })).toMatchObject({
    status: 422,
    body: { errors: [{ path: ['closed_days', 0, 'date'] }] },
  });
});
