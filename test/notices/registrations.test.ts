import { watchRegistrations } from '@signalbox/engine/routing/watch-registrations';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from '../support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ work: false });
});
afterAll(() => harness.close());

const open = () =>
  harness.inTx((tx) =>
    tx
      .selectFrom('notices')
      .select('detail')
      .where('kind', '=', 'sender_expiring')
      .where('resolved_at', 'is', null)
      .execute(),
  );
const watch = (at: string) =>
  harness.inTx((tx) => watchRegistrations(harness.engine, { tx, workspaceId: harness.workspaceId, now: new Date(at) }));
const expires = (on: string | null) =>
  harness.inTx((tx) => tx.updateTable('senders').set({ registration_expires_on: on }).execute());

test('somebody is told a month before a registration ends, once, and no more once it is renewed', async () => {
  await expires('2026-12-31');
  await watch('2026-11-30T00:00:00Z');
  expect(await open()).toEqual([]);
  await watch('2026-12-02T00:00:00Z');
  await watch('2026-12-03T00:00:00Z');
  expect(await open()).toEqual([{ detail: { sender: '+12025550100', on: '2026-12-31' } }]);
  for (const renewed of ['2027-12-31', null]) {
    await expires('2026-12-31');
    await watch('2026-12-03T00:00:00Z');
    expect(await open()).toHaveLength(1);
    await expires(renewed);
    await watch('2026-12-04T00:00:00Z');
    expect(await open()).toEqual([]);
  }
});
