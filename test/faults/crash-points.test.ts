import { failPointNames } from '@signalbox/engine/runtime/fail-points';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFailPoints } from '../support/fail-points.ts';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, type Harness, startHarness, until } from '../support/harness.ts';
import { strandedEnrollments } from '../support/ownership.ts';

const failPoints = createFailPoints();
let harness: Harness;
let flowId: string;

beforeAll(async () => {
  harness = await startHarness({
    failPoints,
    dispatch: {
      leaseMs: 1_500,
      httpTimeoutMs: 700,
      marginMs: 100,
      unknownDeadlineMs: 2_500,
      lookupEveryMs: 300,
      unknownLineMs: 1_000,
    },
  });
  flowId = (await harness.publish('Conversation', conversationFlow({ event: 'signed_up' }))).flowId;
});
afterAll(() => harness.close());

let made = 0;
const people = 24;

/** Lets people in, answers for a third of them, and lets the others time out. */
async function play(): Promise<{ contacts: string[]; phones: string[] }> {
  const contacts = await harness.addContacts(people, made);
  made += people;
  await harness.inTx((tx) =>
    tx
      .insertInto('enrollment_batches')
      .values({
        workspace_id: harness.workspaceId,
        id: harness.engine.ids.uuid(),
        flow_id: flowId,
        state: 'running',
        contact_ids: [...contacts].sort(),
        created_at: new Date(),
      })
      .execute(),
  );
  const rows = await harness.inTx((tx) =>
    tx.selectFrom('contacts').select(['id', 'phone']).where('id', 'in', contacts).orderBy('id').execute(),
  );
  const phones = rows.map((row) => row.phone);
  await until(
    'everyone to wait for a reply',
    async () => {
      const waiting = await harness.inTx((tx) =>
        tx
          .selectFrom('enrollments')
          .select((eb) => eb.fn.countAll<string>().as('n'))
          .where('contact_id', 'in', contacts)
          .where('waiting_event', '=', 'message.received')
          .executeTakeFirstOrThrow(),
      );
      return Number(waiting.n) === people;
    },
    40_000,
  );
  for (const phone of phones.slice(0, 8)) harness.carrier.text(phone, businessNumber, 'yes');
  await until('the replies to be handled', async () => {
    const rows = await harness.inTx((tx) =>
      tx
        .selectFrom('messages')
        .select('id')
        .where('contact_id', 'in', contacts)
        .where('handled_by', '=', 'reply')
        .execute(),
    );
    return rows.length === 8;
  });
  // The wait's two days pass: workflow time and the rules' clock stay in step.
  await harness.inTx((tx) =>
    tx
      .updateTable('enrollments')
      .set({ due_at: new Date(Date.now() - 60_000) })
      .where('contact_id', 'in', contacts)
      .where('waiting_event', '=', 'message.received')
      .execute(),
  );
  await until(
    'everyone to end',
    async () => {
      const left = await harness.inTx((tx) =>
        tx.selectFrom('enrollments').select('id').where('contact_id', 'in', contacts).execute(),
      );
      return left.length === 0;
    },
    40_000,
  );
  return { contacts, phones };
}

test.each(failPointNames)(
  'a crash at %s strands nobody and doubles nothing',
  async (name) => {
    const before = failPoints.crashes();
    failPoints.arm(name);
    const { contacts, phones } = await play();
    expect(failPoints.crashes(), 'the crash point was reached').toBe(before + 1);
    expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
    const outcomes = await harness.inTx((tx) =>
      tx.selectFrom('enrollment_history').select('outcome').where('contact_id', 'in', contacts).execute(),
    );
    expect(outcomes.map((row) => row.outcome)).toEqual(Array.from({ length: people }, () => 'finished'));
    expect(harness.carrier.ledger.repeats().filter((repeat) => phones.includes(repeat.to))).toEqual([]);
    const unknown = await harness.inTx((tx) =>
      tx.selectFrom('message_attempts').select('id').where('state', '=', 'unknown').execute(),
    );
    expect(unknown).toEqual([]);
    const queued = await harness.inTx((tx) => tx.selectFrom('message_queue').select('message_id').execute());
    expect(queued).toEqual([]);
  },
  90_000,
);
