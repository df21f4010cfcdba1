import { asRecord, businessNumber, type Stack } from './stack.ts';

/** People whose campaign messages stand in the queue; the messages go to numbers of their own. */
const people = 1_000;

/** Puts so many campaign messages into the queue at once, each to a number of its own; the people have to be there (`addPeople`). */
export async function queueCampaign(stack: Stack, count: number): Promise<void> {
  const { owner, workspaceId, accountId } = stack;
  await owner.query(
    `INSERT INTO numbers (workspace_id, number) SELECT $1, '+1303' || (1000000 + i) FROM generate_series(1, $2::int) i`,
    [workspaceId, count],
  );
  await owner.query(
    `INSERT INTO messages (workspace_id, id, contact_id, account_id, direction, state, sender, number, body, segments, encoding, purpose, created_at)
     SELECT $1, (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - $4::int + i), 12, '0') || '7000' || substr(md5(i::text), 1, 16))::uuid,
       md5((1 + i % $5)::text || 'benchmark')::uuid, $2, 'out', 'queued', $3, '+1303' || (1000000 + i), 'Members get 10% off today.', 1, 'GSM-7', 'marketing', now()
     FROM generate_series(1, $4::int) i`,
    [workspaceId, accountId, businessNumber, count, people],
  );
  await owner.query(
    `INSERT INTO message_queue (workspace_id, message_id, account_id, not_before, expires_at, lane, number, sender)
     SELECT workspace_id, id, account_id, now(), now() + interval '1 day', 5, number, sender FROM messages WHERE state = 'queued' ORDER BY id`,
  );
  await owner.query('VACUUM ANALYZE message_queue');
  await owner.query('VACUUM ANALYZE messages');
  await owner.query('ANALYZE numbers');
  await owner.query('CHECKPOINT');
}

/** Messages that the carrier accepted. */
export async function acceptedCount(stack: Stack): Promise<number> {
  return Number(asRecord(await stack.carrier('GET', '/_carrier/ledger/counts'))['accepted'] ?? 0);
}

/** The people whom the messages are about. */
export const addPeople = (stack: Stack): Promise<void> => stack.addContacts(people);
