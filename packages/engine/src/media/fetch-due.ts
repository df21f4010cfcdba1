import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { SecretBox } from '../accounts/secret-box.ts';
import type { Account, AccountStore } from '../accounts/store.ts';
import { type Db, inWorkspace } from '../db/database.ts';
import { writeFeed } from '../db/feed.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FailPoints } from '../runtime/fail-points.ts';
import type { Fetched, FetchFailure, FileFetcher, FileOrigin } from './fetch-file.ts';
import { type FileKind, fileKind, frameType } from './file-kinds.ts';
import type { FileStore } from './file-store.ts';
import { sourcePlace } from './inbound-media.ts';

export type FetchDeps = {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly failPoints: FailPoints;
  readonly box: SecretBox;
  readonly accounts: Pick<AccountStore, 'get'>;
  readonly files: FileStore;
  readonly fetcher: FileFetcher;
  /** Tells whoever shows the message. */
  readonly onChanged: (workspaceId: string) => void;
};

/** After how many milliseconds a file is fetched again, by how often it was; the first is as long as a fetch may take, and more. */
const pauses = [60_000, 120_000, 600_000, 3_600_000, 6 * 3_600_000, 12 * 3_600_000] as const;

type Due = {
  readonly id: string;
  readonly storage_key: string;
  readonly source: Buffer;
  readonly account_id: string;
  readonly message_id: string;
  readonly attempts: number;
};

/**
 * Fetches files of one workspace that it is time for, each under its own key, so that whoever ended in between and whoever comes after
 * write the same file. A row is put off before it is fetched: others leave it alone, and one that makes a process end does not make the
 * next one end at once.
 *
 * @returns how many there were.
 */
export async function fetchDue(deps: FetchDeps, workspaceId: string, most: number): Promise<number> {
  const due = await claimDue(deps, workspaceId, most);
  await deps.failPoints.reach('media_claim.after_commit');
  await Promise.all(due.map((row) => tryOne(deps, workspaceId, row)));
  return due.length;
}

async function claimDue({ db, clock }: FetchDeps, workspaceId: string, most: number): Promise<Due[]> {
  const now = clock.now();
  const { rows } = await inWorkspace(db, workspaceId, (tx) =>
    sql<Due>`
      UPDATE media m SET attempts = m.attempts + 1,
        next_at = ${now}::timestamptz + (${sql.lit(`{${pauses.join(',')}}`)}::bigint[])[least(m.attempts + 1, ${pauses.length})] * interval '1 millisecond'
      FROM (
        SELECT id FROM media WHERE workspace_id = ${workspaceId} AND state = 'waiting' AND next_at <= ${now}
        ORDER BY next_at, id LIMIT ${most} FOR UPDATE SKIP LOCKED
      ) d
      WHERE m.workspace_id = ${workspaceId} AND m.id = d.id
      RETURNING m.id, m.storage_key, m.source, m.account_id, m.message_id, m.attempts`.execute(tx),
  );
  return rows;
}

/** What we cannot do ourselves, as the account is gone or the disk is full, is tried as often as what nobody answers. */
async function tryOne(deps: FetchDeps, workspaceId: string, row: Due): Promise<void> {
  try {
    await fetchOne(deps, workspaceId, row);
  } catch (error) {
    deps.log.error({ err: error, media: row.id }, 'a file could not be fetched');
    await writeFailure(deps, workspaceId, row, { code: 'media_unreachable', state: 'waiting' }).catch(
      (again: unknown) => deps.log.error({ err: again, media: row.id }, 'and that could not be written down'),
    );
  }
}

async function fetchOne(deps: FetchDeps, workspaceId: string, row: Due): Promise<void> {
  const account = await deps.accounts.get(workspaceId, row.account_id);
  const address = deps.box.open(workspaceId, sourcePlace(row.id), row.source);
  const fetched = await deps.fetcher.fetch(address, originOf(account));
  const kind = fetched.kind === 'fetched' ? fileKind(fetched.bytes) : null;
  if (fetched.kind === 'failed' || kind === null || kind.type === frameType)
    return writeFailure(deps, workspaceId, row, whyNot(fetched, kind));
  await deps.files.put(row.storage_key, fetched.bytes);
  await deps.failPoints.reach('media_put.after');
  const isKept = await writeStored(deps, workspaceId, row, { bytes: fetched.bytes, kind });
  // Its message was erased or deleted in between.
  if (!isKept) await deps.files.delete(row.storage_key);
}

/** Credentials go to the provider's APIs alone, which in a demo are the carrier. */
function originOf({ provider, baseUrl, connection }: Account): FileOrigin {
  const isOurs = baseUrl !== provider.baseUrl;
  const origins = isOurs ? [baseUrl] : [baseUrl, ...Object.values(provider.origins ?? {})];
  return { origins: origins.map((each) => new URL(each).origin), headers: connection.fileHeaders ?? {}, isOurs };
}

type Failure = { readonly code: FetchFailure | 'media_type_refused' | 'media_frame'; readonly state: State };
type State = 'waiting' | 'refused' | 'lost';

function whyNot(fetched: Fetched, kind: FileKind | null): Failure {
  if (fetched.kind === 'fetched')
    return { code: kind === null ? 'media_type_refused' : 'media_frame', state: 'refused' };
  if (!fetched.final) return { code: fetched.code, state: 'waiting' };
  return { code: fetched.code, state: fetched.code === 'media_too_large' ? 'refused' : 'lost' };
}

/** What may come back is waited for, so many times. The address is kept with what is lost, for whoever wants it tried again. */
async function writeFailure(deps: FetchDeps, workspaceId: string, row: Due, failure: Failure): Promise<void> {
  const state = failure.state === 'waiting' && row.attempts >= pauses.length ? 'lost' : failure.state;
  const reason = JSON.stringify({ code: failure.code });
  await inWorkspace(deps.db, workspaceId, async (tx) => {
    const now = deps.clock.now();
    await sql`
      UPDATE media SET state = ${state}, reason = ${reason}::jsonb, source = CASE WHEN ${state === 'refused'} THEN NULL ELSE source END
      WHERE workspace_id = ${workspaceId} AND id = ${row.id} AND state = 'waiting'`.execute(tx);
    await announce({ tx, workspaceId, now }, row.message_id);
  });
  deps.onChanged(workspaceId);
}

async function writeStored(
  deps: FetchDeps,
  workspaceId: string,
  row: Due,
  { bytes, kind }: { readonly bytes: Uint8Array; readonly kind: FileKind },
): Promise<boolean> {
  const sha256 = createHash('sha256').update(bytes).digest();
  const isKept = await inWorkspace(deps.db, workspaceId, async (tx) => {
    // Another that fetched it at the same time may have stored it: then it is the same file.
    const { rows } = await sql`
      UPDATE media SET state = 'stored', reason = NULL, source = NULL, content_type = ${kind.type}, bytes = ${bytes.length}, sha256 = ${sha256},
        width = ${kind.size?.width ?? null}, height = ${kind.size?.height ?? null}
      WHERE workspace_id = ${workspaceId} AND id = ${row.id} AND state <> 'refused' RETURNING 1`.execute(tx);
    await announce({ tx, workspaceId, now: deps.clock.now() }, row.message_id);
    return rows.length > 0;
  });
  deps.onChanged(workspaceId);
  return isKept;
}

async function announce(work: Parameters<typeof writeFeed>[0], messageId: string): Promise<void> {
  const row = await work.tx
    .selectFrom('messages')
    .select('contact_id')
    .where('workspace_id', '=', work.workspaceId)
    .where('id', '=', messageId)
    .executeTakeFirst();
  if (row !== undefined) await writeFeed(work, { contactIds: [row.contact_id] });
}
