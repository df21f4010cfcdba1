import type { SentMedia } from '@signalbox/nodes/gate/define-rule';
import { sql } from 'kysely';
import { z } from 'zod';
import { uuidArray } from '../db/array-literals.ts';
import { type MediaState, mediaStates } from '../db/states.ts';
import type { Scope } from '../db/work.ts';
import { readShown, shown } from '../http/ids.ts';
import { showReason } from '../http/reasons.ts';
import type { MessageMedia } from './contract.ts';

/** Where the API hands a file out. */
export const contentPath = (id: string): string => `/api/v1/media/${shown('media', id)}/content`;

/** The files of a message `m` with what is known of each, as JSON; null for a message without. */
export const mediaOfMessage = sql`
  CASE WHEN jsonb_typeof(m.media) = 'array' THEN (
    SELECT jsonb_agg(jsonb_build_object('id', e.item ->> 'id', 'url', e.item ->> 'url', 'type', coalesce(x.content_type, e.item ->> 'type'),
      'state', x.state, 'reason', x.reason, 'bytes', x.bytes, 'width', x.width, 'height', x.height) ORDER BY e.place)
    FROM jsonb_array_elements(m.media) WITH ORDINALITY AS e(item, place)
    LEFT JOIN media x ON x.workspace_id = m.workspace_id AND x.id = CASE WHEN e.item ->> 'id' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN (e.item ->> 'id')::uuid END
  ) END`;

const rowSchema = z.array(
  z.object({
    id: z.uuid().nullable(),
    url: z.string().nullable(),
    type: z.string().nullable(),
    state: z.enum(mediaStates).nullable(),
    reason: z.unknown(),
    bytes: z.number().nullable(),
    width: z.number().nullable(),
    height: z.number().nullable(),
  }),
);

/** Why a file is not here, as the API shows it: a reason of ours, which holds nothing of a person. */
export function whyNotHere(stored: unknown): MessageMedia['reason'] {
  const shownReason = showReason(stored);
  return shownReason === null ? null : { code: shownReason.code, text: shownReason.text };
}

/** What only says in which order the others are is not shown. */
const isFrame = (reason: unknown): boolean => whyNotHere(reason)?.code === 'media_frame';

/** The files of a message as the API shows them, of what `mediaOfMessage` read; none for what is no list of files. */
export function showMessageMedia(read: unknown): MessageMedia[] {
  const rows = rowSchema.safeParse(read ?? []).data ?? [];
  return rows
    .filter(({ reason }) => !isFrame(reason))
    .map(({ id, url, type, state, reason, ...size }) => {
      const isHere = id !== null && state === 'stored';
      return {
        id: id === null ? null : shown('media', id),
        url: isHere ? contentPath(id) : id === null ? url : null,
        type: type ?? '',
        state: state ?? (id === null ? 'elsewhere' : 'erased'),
        reason: whyNotHere(reason),
        ...size,
      };
    });
}

/** A row of `media`, but for where it came from. */
export type MediaRow = {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly state: MediaState;
  readonly reason: unknown;
  readonly content_type: string;
  readonly bytes: number | null;
  readonly sha256: Buffer | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly storage_key: string;
  readonly created_at: Date;
};

/** One file's row; null where the workspace has no such file. */
export async function readMedia({ tx, workspaceId }: Scope, id: string): Promise<MediaRow | null> {
  const row = await tx
    .selectFrom('media')
    .select([
      'id',
      'direction',
      'state',
      'reason',
      'content_type',
      'bytes',
      'sha256',
      'width',
      'height',
      'storage_key',
      'created_at',
    ])
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

/** What messages carry of the files with these ids: those that are stored, by their ids. */
async function readSentMedia(
  { tx, workspaceId }: Scope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SentMedia>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<SentMedia>`
    SELECT id, content_type AS type, bytes FROM media
    WHERE workspace_id = ${workspaceId} AND id = ANY(${uuidArray([...new Set(ids)])}::uuid[]) AND state = 'stored' AND bytes IS NOT NULL`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** The files that drafts name by the ids of the API, in order; null in place of one that is gone. Without any, nothing is asked. */
export async function readFiles(
  scope: Scope,
  drafts: ReadonlyArray<{ readonly mediaIds: readonly string[] }>,
): Promise<Array<Array<SentMedia | null>>> {
  const named = drafts.map(({ mediaIds }) => mediaIds.map((id) => readShown('media', id)));
  const found = await readSentMedia(
    scope,
    named.flat().filter((id) => id !== null),
  );
  return named.map((ids) => ids.map((id) => (id === null ? null : (found.get(id) ?? null))));
}

const sentSchema = z.array(z.object({ id: z.uuid(), type: z.string(), bytes: z.int() }));

/** The files of a message that goes out, as they stand with it. */
export function sentMediaOf(stored: unknown): readonly SentMedia[] {
  return sentSchema.safeParse(stored ?? []).data ?? [];
}
