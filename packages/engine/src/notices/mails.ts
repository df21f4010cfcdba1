import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { uuidArray } from '../db/array-literals.ts';
import { type Db, inWorkspace } from '../db/database.ts';
import { writeTopic } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import type { Mailer } from '../http/mailer.ts';
import type { Clock } from '../runtime/clock.ts';
import { mailText } from './mail-text.ts';
import { noticeText } from './show-notice.ts';

/** Notices in one mail. */
const most = 20;
/** Nobody is mailed about what is older: it stands in the list. */
const mailableMs = 86_400_000;
/** Minutes between tries double up to this. A try is over before the first of them is. */
const longestWait = 60;

type DueNotice = { readonly id: string; readonly kind: string; readonly subject: string; readonly detail: unknown };
type Due = { readonly workspace: string; readonly to: readonly string[]; readonly notices: readonly DueNotice[] };

/**
 * Mails what is due of a workspace's notices, in one mail. They are taken for a while before it goes out, and marked after: a process that
 * ends in between mails them again, and no two do at once.
 *
 * @returns how many notices it was.
 * @throws MailError where the mail could not be handed over; they are tried again by and by.
 */
export async function mailNotices(
  deps: { readonly db: Db; readonly clock: Clock; readonly mailer: Mailer; readonly publicUrl: string },
  workspaceId: string,
): Promise<number> {
  const { db, clock, mailer, publicUrl } = deps;
  const inWork = <T>(step: (work: Work) => Promise<T>): Promise<T> =>
    inWorkspace(db, workspaceId, (tx) => step({ tx, workspaceId, now: clock.now() }));
  const { workspace, to, notices } = await inWork(takeDue);
  if (notices.length === 0) return 0;
  const ids = notices.map(({ id }) => id);
  // The same mail once more has the same id, by which a mail program knows it.
  const id = createHash('sha256').update(ids.join()).digest('hex').slice(0, 32);
  await mailer.send({ id, to, ...mailText(workspace, publicUrl, notices.map(noticeText)) });
  await inWork(async (work) => {
    await sql`
      UPDATE notices SET mailed_at = ${work.now}, mail_at = NULL WHERE workspace_id = ${workspaceId} AND id = ANY(${uuidArray(ids)}::uuid[])`.execute(
      work.tx,
    );
    await writeTopic(work, { topic: 'notices', ids: ids.map((each) => shown('notice', each)) });
  });
  return ids.length;
}

/** Takes what is due until the next try; what is too old, and what nobody wants to be mailed, is not due any more. */
async function takeDue({ tx, workspaceId, now }: Work): Promise<Due> {
  const { name, notice_emails: to } = await tx
    .selectFrom('workspaces')
    .select(['name', 'notice_emails'])
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  const since = new Date(to.length === 0 ? now.getTime() : now.getTime() - mailableMs);
  await sql`
    UPDATE notices SET mail_at = NULL WHERE workspace_id = ${workspaceId} AND mail_at <= ${now} AND raised_at <= ${since}`.execute(
    tx,
  );
  const due = await sql<DueNotice>`
    WITH taken AS (
      UPDATE notices SET mail_attempts = mail_attempts + 1,
        mail_at = ${now}::timestamptz + make_interval(mins => least(${longestWait}, power(2, least(mail_attempts, 10)))::int)
      WHERE workspace_id = ${workspaceId} AND id IN (
        SELECT id FROM notices WHERE workspace_id = ${workspaceId} AND mail_at <= ${now} ORDER BY id LIMIT ${most} FOR UPDATE SKIP LOCKED)
      RETURNING id, kind, subject, detail
    )
    SELECT * FROM taken ORDER BY id`.execute(tx);
  return { workspace: name, to, notices: due.rows };
}
