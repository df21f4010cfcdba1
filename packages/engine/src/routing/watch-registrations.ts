import { sql } from 'kysely';
import type { Work } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import { senderExpiring } from '../notices/sender-expiring.ts';
import { raiseNotices, resolveNotices } from '../notices/store.ts';
import type { Ids } from '../runtime/ids.ts';

/** Somebody is told so long before a registration ends. */
const ahead = '30 days';

/** Tells of senders whose registration ends soon, and ends what was told of those that were renewed. */
export async function watchRegistrations(deps: { readonly ids: Ids }, work: Work): Promise<number> {
  const { tx, workspaceId, now } = work;
  const { rows } = await sql<{ id: string; address: string; ends: string | null; soon: boolean }>`
    SELECT id, address, registration_expires_on::text AS ends, coalesce(registration_expires_on < ${now}::timestamptz + ${ahead}::interval, false) AS soon
    FROM senders WHERE workspace_id = ${workspaceId}`.execute(tx);
  const soon = rows.filter((row) => row.soon);
  await raiseNotices(
    deps,
    work,
    senderExpiring,
    soon.map(({ id, address, ends }) => ({
      subject: shown('sender', id),
      values: { sender: address, on: ends ?? '' },
    })),
  );
  await resolveNotices(
    work,
    senderExpiring,
    rows.filter((row) => !row.soon).map(({ id }) => shown('sender', id)),
  );
  return soon.length;
}
