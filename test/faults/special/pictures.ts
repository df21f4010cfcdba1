import { expect } from 'vitest';
import { businessNumber, until } from '../../support/harness.ts';
import type { Situation } from './world.ts';

/** A picture comes: it is stored once, however often it is fetched. */
export const pictureFetched: Situation = async (world, arm) => {
  const { harness } = world;
  const [person] = await world.newcomers(1);
  arm();
  harness.carrier.text(person?.phone ?? '', businessNumber, 'Look', ['sea']);
  const rows = () =>
    harness.inTx((tx) =>
      tx
        .selectFrom('media as f')
        .innerJoin('messages as m', (join) =>
          join.onRef('m.workspace_id', '=', 'f.workspace_id').onRef('m.id', '=', 'f.message_id'),
        )
        .select(['f.id', 'f.state', 'f.storage_key', 'f.sha256'])
        .where('m.contact_id', '=', person?.contact ?? '')
        .execute(),
    );
  await until('the picture to be stored', async () => {
    // What was put off is due again: its time is over.
    await harness.inTx((tx) =>
      tx
        .updateTable('media')
        .set({ next_at: new Date(0) })
        .where('state', '=', 'waiting')
        .where('attempts', '>', 0)
        .execute(),
    );
    return (await rows())[0]?.state === 'stored';
  });
  const [row, ...more] = await rows();
  expect(more).toEqual([]);
  const file = await harness.engine.files.open(row?.storage_key ?? '');
  expect(file).not.toBeNull();
  const sent = harness.carrier.ledger.ofPhone(person?.phone ?? '').at(-1);
  expect(row?.sha256?.toString('hex')).toBe(sent?.media[0]?.sha256);
  return 1;
};
