import { sql } from 'kysely';
import type { ArrivedPage } from '../cohorts/arrival-pages.ts';
import { alone } from '../db/alone.ts';
import type { Work } from '../db/work.ts';
import { receiveRest } from './inbound.ts';
import type { InboundDeps } from './inbound-deps.ts';
import { type TextPart, takeParts } from './text-parts.ts';

/** The parts of a long text come within moments; what is missing after this long is not coming. */
export const partsWaitMs = 60_000;

/** Texts handed on in one transaction. */
export const overduePage = 50;

/**
 * Receives what is there of long texts of which a part was missing for too long, in the order of their numbers: two processes lock the same
 * people in the same order. One that cannot be received is kept for a person, and takes no other along.
 */
export async function receiveOverdue(deps: InboundDeps, work: Work): Promise<ArrivedPage> {
  const texts = await overdueTexts(work);
  const received = [];
  for (const text of texts) {
    const one = await alone(work.tx, () => receiveRest(deps, work, text));
    if (one instanceof Error) await keep(deps, work, text);
    else received.push(one);
  }
  return {
    taken: texts.length,
    runs: received.flatMap(({ runs }) => runs),
    wake: received.flatMap(({ wake }) => wake),
  };
}

async function keep(deps: InboundDeps, work: Work, text: TextPart): Promise<void> {
  const { tx, workspaceId, now } = work;
  const joined = await takeParts(work, text);
  await tx
    .insertInto('unmatched_webhooks')
    .values({
      workspace_id: workspaceId,
      id: deps.ids.uuid(),
      account_id: text.accountId,
      kind: 'inbound',
      body: JSON.stringify({ from: text.from, to: text.to, body: joined?.body ?? '' }),
      received_at: now,
    })
    .execute();
}

/** Each by one of its parts. */
async function overdueTexts({ tx, workspaceId, now }: Work): Promise<TextPart[]> {
  const rows = await sql<{
    account_id: string;
    number: string;
    sender: string;
    reference: string;
    provider_id: string;
    parts: number;
  }>`
    SELECT account_id, number, sender, reference, min(provider_id) AS provider_id, max(parts) AS parts FROM text_parts
    WHERE workspace_id = ${workspaceId} AND joined_at IS NULL
    GROUP BY account_id, number, sender, reference HAVING max(received_at) <= ${new Date(now.getTime() - partsWaitMs)}
    ORDER BY number LIMIT ${overduePage}`.execute(tx);
  return rows.rows.map((row) => ({
    accountId: row.account_id,
    providerId: row.provider_id,
    from: row.number,
    to: row.sender,
    body: '',
    media: [],
    carrierWord: null,
    part: { reference: row.reference, index: 1, of: row.parts },
    trusted: false,
  }));
}
