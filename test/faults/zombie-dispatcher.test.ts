import { type Dispatcher, startDispatcher } from '@signalbox/engine/sending/dispatcher';
import { takeShard } from '@signalbox/engine/sending/shards';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createFailPoints } from '../support/fail-points.ts';
import { type Harness, startHarness, until } from '../support/harness.ts';
import { comeToRest, enter, hastyDispatch, leftOpen, peopleOf } from './carrier-world.ts';

const failPoints = createFailPoints();
let harness: Harness;
let owner: pg.Client;
let successor: Dispatcher;
beforeAll(async () => {
  harness = await startHarness({ failPoints, dispatch: hastyDispatch });
  owner = new pg.Client({ connectionString: harness.ownerUrl });
  await owner.connect();
});
afterEach(async () => {
  harness.carrier.clearFaults();
  await successor.stop();
});
afterAll(async () => {
  await owner.end();
  await harness.close();
});

/** Everything that a result could change, as it stands. */
async function states(): Promise<unknown> {
  const tables = [
    'message_attempts',
    'messages',
    'message_queue',
    'settlements',
    'enrollments',
    'enrollment_history',
    'numbers',
    'consents',
  ];
  const held: Record<string, unknown[]> = {};
  for (const table of tables)
    held[table] = (await owner.query(`SELECT row_to_json(t) AS row FROM ${table} t ORDER BY t::text`)).rows;
  return held;
}

const receipts = async (): Promise<Array<{ status: string; attempt_id: string | null }>> =>
  (await owner.query('SELECT status, attempt_id FROM message_receipts ORDER BY received_at, id')).rows;

/** Waits until the old dispatcher has tried to store what it was held with, and has ended: its workflow starts the next one. */
async function epochAfter(epoch: number): Promise<void> {
  await until('the dispatcher’s successor', async () => {
    const { rows } = await owner.query<{ epoch: string }>('SELECT epoch FROM dispatch_shards WHERE shard = 0');
    return Number(rows[0]?.epoch) > epoch;
  });
}

/**
 * Lets one person in and holds the dispatcher when the carrier has answered it. Meanwhile another takes the shard, as it does when the
 * old one's process does not answer any more. Resolves with the means to let the old one go on.
 */
async function haunt(text: string) {
  const held = failPoints.hold('post.after');
  const entered = await enter(harness, 1, text);
  await held.reached;
  const epoch = await takeShard(harness.db, 0, new Date());
  const { dispatchDeps } = harness.engine;
  successor = startDispatcher({ ...dispatchDeps, failPoints: { reach: () => undefined } }, 0, epoch);
  return {
    ...entered,
    /** The zombie's result is stored, as far as it may be, before its successor by workflow begins. */
    letGo: async () => {
      const stored = failPoints.visits('settle.after_commit');
      held.letGo();
      await epochAfter(epoch);
      // It did come to the place where results are stored.
      expect(failPoints.visits('settle.after_commit')).toBe(stored + 1);
    },
  };
}

test('an acceptance that comes after the look-up is kept as a receipt and changes nothing', async () => {
  harness.carrier.addFault({ kind: 'receipt_never' });
  const { contacts, flowId, letGo } = await haunt('Text that was found');
  await comeToRest(harness, contacts);
  const [before, told] = [await states(), (await receipts()).length];
  await letGo();
  const after = await receipts();
  expect(after.slice(told)).toMatchObject([{ status: 'accepted' }]);
  expect(await states()).toEqual(before);
  const [person] = await peopleOf(harness, flowId);
  expect(person).toMatchObject({ outcome: 'finished', end: 'done', message: 'accepted', carried: 1 });
  expect(person?.attempts).toHaveLength(1);
  expect(await leftOpen(harness)).toEqual([]);
}, 60_000);

test('a refusal that comes after the deadline changes nothing: nobody is opted out, nobody leaves a second time', async () => {
  harness.carrier.addFault({ kind: 'refuse', code: 21610 });
  const { contacts, flowId, letGo } = await haunt('Text that was refused');
  await comeToRest(harness, contacts);
  const [before, told] = [await states(), await receipts()];
  await letGo();
  expect(await receipts()).toEqual(told);
  expect(await states()).toEqual(before);
  const [person] = await peopleOf(harness, flowId);
  expect(person).toMatchObject({ outcome: 'finished', end: 'done', message: 'unknown', carried: 0 });
  expect(await leftOpen(harness)).toEqual([]);
}, 60_000);

test('an acceptance that comes while its attempt is open settles it as a receipt would, once', async () => {
  harness.carrier.addFault({ kind: 'receipt_never' });
  const { contacts, flowId, letGo } = await haunt('Text still open');
  const told = (await receipts()).length;
  await letGo();
  await comeToRest(harness, contacts);
  expect((await receipts()).slice(told)).toMatchObject([{ status: 'accepted' }]);
  const [person] = await peopleOf(harness, flowId);
  expect(person).toMatchObject({ outcome: 'finished', end: 'done', message: 'accepted', carried: 1 });
  expect(await leftOpen(harness)).toEqual([]);
}, 60_000);

test('a refusal that comes while its attempt is open is not believed: the fence alone keeps it from failing the message', async () => {
  harness.carrier.addFault({ kind: 'refuse', code: 21610 });
  const { contacts, flowId, phones, letGo } = await haunt('Text that nobody may judge');
  await letGo();
  await comeToRest(harness, contacts);
  const [person] = await peopleOf(harness, flowId);
  // Its own epoch would have made it “not sent” and the number opted out; as it is, the outcome is found by nobody and given up.
  expect(person).toMatchObject({ outcome: 'finished', end: 'done', message: 'unknown', carried: 0 });
  expect(person?.attempts).toMatchObject([{ state: 'gave_up' }]);
  const numbers = await harness.inTx((tx) =>
    tx.selectFrom('numbers').select('suppressed_at').where('number', 'in', phones).execute(),
  );
  expect(numbers).toEqual([{ suppressed_at: null }]);
  expect(await leftOpen(harness)).toEqual([]);
}, 60_000);

test('a successor sends nothing that the zombie has in its hands', () => {
  expect(harness.carrier.ledger.repeats()).toEqual([]);
});
