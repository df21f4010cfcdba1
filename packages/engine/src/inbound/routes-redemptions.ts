import { sql } from 'kysely';
import { readHome } from '../access/home.ts';
import { redeemCodeSchema, redemptionSchema } from '../codes/contract.ts';
import { receiveEvent } from '../cohorts/api-events.ts';
import type { Work } from '../db/work.ts';
import { effect } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { shown } from '../http/ids.ts';
import { ProblemError } from '../http/problems.ts';
import { route } from '../http/route.ts';
import {
  answer,
  bodyFailures,
  failures,
  idempotencyHeaders,
  jsonBody,
  keyFailures,
  newRoutes,
} from '../http/route-parts.ts';
import type { CommitEngine } from './webhook-commits.ts';

/** What is recorded of a redemption as an event of the person. */
const redemptionEvent = 'code.redeemed';

const redeem = route(
  {
    resource: 'codes',
    verb: 'report',
    needs: 'events.write',
    audit: { action: 'code.redeemed', words: 'Reported that a code was redeemed' },
  },
  {
    method: 'post',
    path: '/codes/redemptions',
    summary: 'Report that somebody redeemed the code that they were given',
    description:
      'It is the event `code.redeemed` of the person, with `code`, `pool`, `amount` and `currency`: goals count it, and flows start by it. A code is redeemed once: told of again it answers with what happened the first time.',
    request: { headers: idempotencyHeaders, body: jsonBody(redeemCodeSchema) },
    responses: {
      200: answer(redemptionSchema, 'The redemption'),
      ...failures(...bodyFailures, ...keyFailures, 'code_unknown', 'code_not_given'),
    },
  },
);

type CodeRow = {
  readonly pool_id: string;
  readonly key: string;
  readonly contact_id: string | null;
  readonly redeemed_at: Date | null;
  readonly event_id: string | null;
};

/** The code, held until this transaction is over: who tells of it at the same time waits and hears of the first. */
async function lockCode({ tx, workspaceId }: Work, code: string): Promise<CodeRow> {
  const { rows } = await sql<CodeRow>`
    SELECT c.pool_id, p.key, g.contact_id, c.redeemed_at, c.event_id FROM codes c
    JOIN code_pools p ON p.workspace_id = c.workspace_id AND p.id = c.pool_id
    LEFT JOIN code_grants g ON g.workspace_id = c.workspace_id AND g.code = c.code
    WHERE c.workspace_id = ${workspaceId} AND c.code = ${code} FOR NO KEY UPDATE OF c`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new ProblemError('code_unknown');
  return row;
}

/** Codes that people redeem elsewhere, as the API is told. */
export function redemptionRoutes(deps: RouteDeps<Pick<CommitEngine, 'arrivalDeps' | 'onArrived'>>) {
  const { engine } = deps;
  return newRoutes().openapi(redeem, async (c) => {
    const { code, amount, currency, occurred_at } = c.req.valid('json');
    const done = await effect(c, deps, redeem, redemptionSchema, async (work) => {
      const { tx, workspaceId, now } = work;
      const { pool_id, key, contact_id: contactId, redeemed_at, event_id } = await lockCode(work, code);
      if (contactId === null) throw new ProblemError('code_not_given');
      const shownContact = shown('contact', contactId);
      const about = { code, pool_id: shown('pool', pool_id), contact_id: shownContact };
      if (redeemed_at !== null && event_id !== null) {
        const before = { event_id: shown('event', event_id), redeemed_at: redeemed_at.toISOString(), already: true };
        return { body: { ...about, ...before }, subject: before.event_id, detail: { contact_id: shownContact } };
      }
      const id = engine.ids.uuid();
      const occurredAt = occurred_at === undefined ? now : new Date(occurred_at);
      const worth = amount === undefined ? {} : { amount, currency: currency ?? (await readHome(work)).currency };
      const received = await receiveEvent(engine.arrivalDeps, work, {
        id,
        type: redemptionEvent,
        contactId,
        data: { code, pool: key, ...worth },
        occurredAt,
        cause: 'api',
      });
      // Of somebody who was deleted nothing more is recorded.
      if (received === null) throw new ProblemError('code_not_given');
      await sql`
        UPDATE codes SET redeemed_at = ${occurredAt}, event_id = ${id}::uuid WHERE workspace_id = ${workspaceId} AND code = ${code}`.execute(
        tx,
      );
      const { runs, wake } = received;
      return {
        body: { ...about, event_id: shown('event', id), redeemed_at: occurredAt.toISOString(), already: false },
        subject: shown('event', id),
        detail: { contact_id: shownContact },
        after: () => engine.onArrived(workspaceId, { runs, wake }),
      };
    });
    return c.json(done.body, 200, done.headers);
  });
}
