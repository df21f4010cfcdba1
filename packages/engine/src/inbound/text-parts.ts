import { sql } from 'kysely';
import { z } from 'zod';
import type { Work } from '../db/work.ts';
import type { InboundText } from './routed-text.ts';

/** Stands where a part is missing. */
const gap = '[…] ';

/** A part of a long text, as it came. */
export type TextPart = InboundText & { readonly part: NonNullable<InboundText['part']>; readonly providerId: string };

export function isPart(text: InboundText): text is TextPart {
  return text.part !== null && text.part.of > 1 && text.providerId !== null;
}

type PartRow = {
  readonly part: number;
  readonly parts: number;
  readonly provider_id: string;
  readonly body: string;
  readonly media: unknown;
};

const mediaSchema = z.array(z.object({ url: z.string(), type: z.string() })).nullable();

/**
 * Keeps a part of a long text. The contact must be locked: the parts of one text come in any order and at once.
 *
 * @returns the whole text, under the id of its first part, once its last part is there; null until then, and for a part that came before.
 */
export async function joinPart(work: Work, text: TextPart): Promise<InboundText | null> {
  const { tx, workspaceId, now } = work;
  const { reference, index, of } = text.part;
  const kept = await sql`
    INSERT INTO text_parts (workspace_id, account_id, provider_id, number, sender, reference, part, parts, body, media, received_at)
    VALUES (${workspaceId}, ${text.accountId}, ${text.providerId}, ${text.from}, ${text.to}, ${reference}, ${index}, ${of}, ${text.body},
      ${text.media.length === 0 ? null : JSON.stringify(text.media)}::jsonb, ${now})
    ON CONFLICT DO NOTHING RETURNING 1`.execute(tx);
  if (kept.rows.length === 0) return null;
  const there = await sql<{ n: number }>`
    SELECT count(DISTINCT part)::int AS n FROM text_parts
    WHERE workspace_id = ${workspaceId} AND ${ofText(text)} AND joined_at IS NULL`.execute(tx);
  return (there.rows[0]?.n ?? 0) < of ? null : takeParts(work, text);
}

/** Takes what is there of a long text as the whole of it. The contact must be locked. @returns null where it was taken before. */
export async function takeParts(work: Work, text: TextPart): Promise<InboundText | null> {
  const { tx, workspaceId, now } = work;
  const taken = await sql<PartRow>`
    UPDATE text_parts SET joined_at = ${now}
    WHERE workspace_id = ${workspaceId} AND ${ofText(text)} AND joined_at IS NULL
    RETURNING part, parts, provider_id, body, media`.execute(tx);
  const byPlace = new Map(taken.rows.map((row) => [row.part, row]));
  const rows = [...byPlace.values()].sort((a, b) => a.part - b.part);
  const [first] = rows;
  if (first === undefined) return null;
  const places = Array.from({ length: Math.max(first.parts, ...byPlace.keys()) }, (_, place) => byPlace.get(place + 1));
  const body = places
    .map((row, place) => row?.body ?? (places[place - 1] === undefined && place > 0 ? '' : gap))
    .join('');
  return {
    ...text,
    providerId: first.provider_id,
    body: body.trim(),
    media: rows.flatMap((row) => mediaSchema.parse(row.media) ?? []),
    part: null,
  };
}

const ofText = (text: TextPart) => sql`
  account_id = ${text.accountId} AND number = ${text.from} AND sender = ${text.to} AND reference = ${text.part.reference}`;
