import { sql } from 'kysely';
import { mailNotices } from '../notices/mails.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

/** Mails notices to whom the workspace names, where this installation sends mail at all. */
export const noticeMails = defineSweep({
  name: 'notice-mails',
  every: 5_000,
  create: (deps) => async () => {
    const { mailer } = deps;
    if (mailer === null) return 0;
    const due = await sql<{ workspace_id: string }>`
      SELECT DISTINCT workspace_id FROM notices WHERE mail_at <= ${deps.clock.now()}`.execute(deps.db.router);
    let mailed = 0;
    await inEach(deps.log, 'notice-mails', due.rows, async ({ workspace_id }) => {
      mailed += await mailNotices({ ...deps, mailer }, workspace_id);
    });
    return mailed;
  },
});
