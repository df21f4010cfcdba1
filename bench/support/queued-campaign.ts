import { asRecord, businessNumber, type Stack } from './stack.ts';

type From = { readonly accountId: string; readonly sender: string };

/** Puts so many campaign messages into the queue at once, one for each of as many people, who are added first; `from` each account in turn. */
export async function queueCampaign(
  stack: Stack,
  count: number,
  from: readonly From[] = [{ accountId: stack.accountId, sender: businessNumber }],
): Promise<void> {
  const { owner, workspaceId } = stack;
  await stack.addContacts(count);
  await owner.query(
    `INSERT INTO messages (workspace_id, id, contact_id, account_id, direction, state, sender, number, body, segments, encoding, purpose, created_at)
     SELECT $1, (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - $4::int + i), 12, '0') || '7000' || substr(md5(i::text), 1, 16))::uuid,
       c.id, ($2::uuid[])[1 + i % $5::int], 'out', 'queued', ($3::text[])[1 + i % $5::int], c.phone, 'Members get 10% off today.', 1, 'GSM-7', 'marketing', now()
     FROM (SELECT id, phone, row_number() OVER (ORDER BY phone) AS i FROM contacts WHERE workspace_id = $1) c`,
    [workspaceId, from.map(({ accountId }) => accountId), from.map(({ sender }) => sender), count, from.length],
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
