import type { DispatchSettings } from '@signalbox/engine/sending/dispatch-settings';
import { flow } from '@signalbox/nodes/flow/builder';
import { end } from '@signalbox/nodes/library/end/end';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import pg from 'pg';
import { z } from 'zod';
import { type Harness, until } from '../support/harness.ts';
import { letIn } from '../support/let-in.ts';
import { strandedEnrollments } from '../support/ownership.ts';

/** Short enough that a test sees a lease die and a deadline pass. */
export const hastyDispatch: Partial<DispatchSettings> = {
  // One fault after another is planted in one account, and each message is to meet its own.
  breakerFailures: 1_000_000,
  leaseMs: 1_500,
  httpTimeoutMs: 700,
  marginMs: 100,
  unknownDeadlineMs: 3_000,
  lookupEveryMs: 300,
  unknownLineMs: 1_000,
};

/** One message, and an end for each way out of it. */
function sendingFlow(text: string, purpose: 'transactional' | 'marketing') {
  const w = flow('Sending');
  const start = w.step('start', apiEvent, { event: 'started' });
  const send = w.step('send', sendSms, { text, purpose });
  const done = w.step('done', end, {});
  const missed = w.step('missed', end, {});
  start.to('next', send);
  send.to('sent', done).to('not_sent', missed);
  return w.graph();
}

const personSchema = z.object({
  phone: z.string(),
  outcome: z.string(),
  /** The step where the enrollment ended. */
  end: z.string(),
  reason: z.string().nullable(),
  message: z.string(),
  why: z.string().nullable(),
  attempts: z.array(z.object({ state: z.string(), error: z.string().nullable(), started_at: z.coerce.date() })),
  receipts: z.array(z.string()),
  /** Messages of this text that the carrier has for them. */
  carried: z.number(),
});

/** What came of one person: where they ended, and what their message went through. */
export type CarriedPerson = z.infer<typeof personSchema>;

let played = 0;

/** Lets people in before the given text; resolves to the contacts and the flow. */
export async function enter(
  harness: Harness,
  people: number,
  text: string,
  purpose: 'transactional' | 'marketing' = 'transactional',
): Promise<{ readonly contacts: readonly string[]; readonly flowId: string; readonly phones: readonly string[] }> {
  const { flowId } = await harness.publish(text, sendingFlow(text, purpose));
  const contacts = await harness.addContacts(people, played);
  played += people;
  const phones = (
    await harness.inTx((tx) => tx.selectFrom('contacts').select('phone').where('id', 'in', contacts).execute())
  ).map((row) => row.phone);
  await letIn(harness, flowId, contacts);
  return { contacts, flowId, phones };
}

/** Waits until everyone has left, nothing is queued or settling, and the carrier has told all it has to tell. */
export async function comeToRest(harness: Harness, contacts: readonly string[]): Promise<void> {
  await until(
    'everyone to end',
    async () =>
      (
        await harness.inTx((tx) =>
          tx.selectFrom('enrollment_history').select('id').where('contact_id', 'in', contacts).execute(),
        )
      ).length === contacts.length,
    30_000,
  );
  await until('the carrier to have told everything', () => harness.carrier.underway() === 0);
  await until('the queue to be empty', () =>
    harness.inTx(async (tx) => {
      const queued = await tx.selectFrom('message_queue').select('message_id').execute();
      const settling = await tx.selectFrom('settlements').select('message_id').execute();
      return queued.length + settling.length === 0;
    }),
  );
}

/** What holds whatever the carrier did: nobody is stranded, and no outcome is left open. */
export async function leftOpen(harness: Harness): Promise<string[]> {
  const stranded = await strandedEnrollments(harness.ownerUrl);
  const open = await harness.inTx((tx) =>
    tx.selectFrom('message_attempts').select('id').where('state', 'in', ['dispatching', 'unknown']).execute(),
  );
  return [...stranded.map(({ id }) => `stranded ${id}`), ...open.map(({ id }) => `open ${id}`)];
}

/** Everyone of a flow that has come to rest, by phone. */
export async function peopleOf(harness: Harness, flowId: string): Promise<CarriedPerson[]> {
  const owner = new pg.Client({ connectionString: harness.ownerUrl });
  await owner.connect();
  try {
    const { rows } = await owner.query(
      `SELECT c.phone, h.outcome, v.compiled->'steps'->(h.step::int)->>'id' AS "end", h.reason->>'code' AS reason,
         m.state AS message, m.reason->>'code' AS why, m.body,
         (SELECT coalesce(json_agg(json_build_object('state', a.state, 'error', a.error_code, 'started_at', a.started_at) ORDER BY a.started_at), '[]')
            FROM message_attempts a WHERE a.message_id = m.id) AS attempts,
         (SELECT coalesce(json_agg(r.status ORDER BY r.received_at, r.id), '[]') FROM message_receipts r WHERE r.message_id = m.id) AS receipts
       FROM enrollment_history h JOIN contacts c ON c.id = h.contact_id JOIN flow_versions v ON v.id = h.version_id
       JOIN messages m ON m.enrollment_id = h.id WHERE h.flow_id = $1 ORDER BY c.phone`,
      [flowId],
    );
    return rows.map((row) =>
      personSchema.parse({
        ...row,
        carried: harness.carrier.ledger.messages.filter(
          (message) => message.origin === 'api' && message.to === row.phone && message.body === row.body,
        ).length,
      }),
    );
  } finally {
    await owner.end();
  }
}
