import { shown } from '@signalbox/engine/http/ids';
import { expect } from 'vitest';
import { z } from 'zod';
import { until } from '../../support/harness.ts';
import { startReceiver } from '../../webhooks/receiver.ts';
import type { Situation } from './world.ts';

/** People are added while somebody listens: each is told of, under one id however often. */
export const toldOnce: Situation = async (world, arm) => {
  const { harness } = world;
  const receiver = await startReceiver();
  try {
    const made = await harness.call('POST', '/api/v1/webhooks', {
      body: { url: receiver.url('/'), types: ['contact.created'] },
    });
    const { id } = z.looseObject({ id: z.string() }).parse(made.body);
    arm();
    const group = await world.newcomers(3);
    await until('every delivery to be made', async () => {
      // What a process took and said nothing of is made again: its lease is over.
      await harness.inTx((tx) =>
        tx
          .updateTable('webhook_deliveries')
          .set({ next_at: new Date(0) })
          .where('state', '=', 'waiting')
          .execute(),
      );
      const rows = await harness.inTx((tx) =>
        tx.selectFrom('webhook_deliveries').select('state').where('type', '=', 'contact.created').execute(),
      );
      return rows.length === group.length && rows.every(({ state }) => state === 'delivered');
    });
    const ids = Map.groupBy(receiver.received, ({ event }) => event.data['contact_id']);
    expect([...ids.keys()].sort()).toEqual(group.map(({ contact }) => shown('contact', contact)).sort());
    for (const told of ids.values()) expect(new Set(told.map((each) => each.id)).size).toBe(1);
    await harness.call('DELETE', `/api/v1/webhooks/${id}`, { headers: { 'if-match': '*' } });
  } finally {
    receiver.close();
  }
  return 1;
};
