import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { phone } from '../support/harness.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness();
});
afterAll(() => api.close());

test('an event told with an offset happened at that instant', async () => {
  const created = await api.call('POST', '/api/v1/contacts', { body: { phone: phone(7) } });
  const contact = z.object({ id: z.string() }).parse(created.body);
  const report = (occurred_at: string) =>
    api.call('POST', '/api/v1/events', { body: { type: 'order.placed', contact_id: contact.id, occurred_at } });
  for (const [told, instant] of [
    ['2026-03-02T16:00:00+01:00', '2026-03-02T15:00:00.000Z'],
    ['2026-03-02T10:00:00-05:00', '2026-03-02T15:00:00.000Z'],
    ['2026-03-02T15:00:00Z', '2026-03-02T15:00:00.000Z'],
  ] as const) {
    expect([told, (await report(told)).status]).toEqual([told, 202]);
    const stored = await api.inTx((tx) =>
      tx
        .selectFrom('events')
        .select('occurred_at')
        .orderBy('recorded_at', 'desc')
        .orderBy('id', 'desc')
        .executeTakeFirst(),
    );
    expect([told, stored?.occurred_at.toISOString()]).toEqual([told, instant]);
  }
  expect((await report('2026-03-02 15:00')).status).toBe(422);
});
