import { liftableReasons, type SuppressionReason } from '@signalbox/nodes/define/consent-codes';
import { numberSpellings } from '@signalbox/nodes/text/one-number';
import { sql } from 'kysely';
import { textArray, uuidArray } from '../db/array-literals.ts';
import type { NumberDigests } from '../db/number-digests.ts';
import type { Scope, Work } from '../db/work.ts';
import type { Recorder } from '../http/recorder.ts';
import type { Ids } from '../runtime/ids.ts';

/** What numbers are made and suppressed with. */
export type NumberDeps = { readonly ids: Ids; readonly digests: NumberDigests };

/**
 * Makes the rows of numbers that are not there yet: one exists before anything is stored of a number. One that comes again after its
 * owner was erased is as suppressed as it was. Numbers that are there cost nothing more.
 */
export async function makeNumbers(
  { digests }: Pick<NumberDeps, 'digests'>,
  scope: Scope,
  numbers: readonly string[],
): Promise<void> {
  const { tx, workspaceId } = scope;
  const made = await sql<{ number: string }>`
    INSERT INTO numbers (workspace_id, number) SELECT ${workspaceId}::uuid, x FROM unnest(${textArray(numbers)}::text[]) AS x
    ON CONFLICT DO NOTHING RETURNING number`.execute(tx);
  if (made.rows.length === 0) return;
  const digest = await digests.known(scope);
  if (digest === null) return;
  const spelled = made.rows.map(({ number }) => spellingOf(number));
  // Erased twice, a reason may stand there twice.
  const known = await sql`
    WITH erased AS (
      SELECT DISTINCT ON (s.digest, s.reason) s.id, x.number FROM unnest(
        ${textArray(spelled.map(({ number }) => number))}::text[], ${byteArray(spelled.map(({ number }) => digest(number)))}::bytea[]
      ) AS x(number, digest)
      JOIN suppressions s ON s.workspace_id = ${workspaceId} AND s.digest = x.digest AND s.number IS NULL
      ORDER BY s.digest, s.reason, s.at
    )
    UPDATE suppressions s SET number = erased.number FROM erased WHERE s.workspace_id = ${workspaceId} AND s.id = erased.id
    RETURNING 1`.execute(tx);
  if (known.rows.length > 0) await showReasons(scope, spelled);
}

/**
 * Suppresses numbers in every way of writing them, for one reason more. Whatever else may happen to a number, it stays suppressed until
 * none of its reasons is left. Whoever's numbers they are must be locked.
 *
 * @returns those that could be texted before.
 */
export async function suppressNumbers(
  deps: NumberDeps,
  work: Work,
  numbers: readonly string[],
  why: { readonly reason: SuppressionReason; readonly note: string | null; readonly by: Recorder | null },
): Promise<string[]> {
  const { tx, workspaceId, now } = work;
  const sorted = [...new Set(numbers.map((number) => numberSpellings(number)[0]))].sort();
  if (sorted.length === 0) return [];
  const digest = await deps.digests.made(work);
  await makeNumbers(deps, work, sorted.flatMap(numberSpellings));
  const { reason, note, by } = why;
  const added = await sql<{ number: string }>`
    INSERT INTO suppressions (workspace_id, id, number, digest, reason, note, actor_kind, actor, at)
    SELECT ${workspaceId}::uuid, x.id, x.number, x.digest, ${reason}, ${note}, ${by?.kind ?? null}, ${by?.id ?? null}, ${now}
    FROM unnest(
      ${uuidArray(sorted.map(() => deps.ids.uuid()))}::uuid[], ${textArray(sorted)}::text[], ${byteArray(sorted.map(digest))}::bytea[]
    ) AS x(id, number, digest) ORDER BY x.number
    ON CONFLICT (workspace_id, number, reason) DO NOTHING RETURNING number`.execute(tx);
  return showReasons(work, added.rows.flatMap(spellingsOf));
}

/**
 * Takes back every opt-out of a number's owner, because they said so; what the workspace blocked stays.
 *
 * @returns whether it may be texted again.
 */
export async function liftOptOuts(work: Scope, number: string): Promise<boolean> {
  const { tx, workspaceId } = work;
  const all = numberSpellings(number);
  await sql`
    DELETE FROM suppressions WHERE workspace_id = ${workspaceId} AND number = ANY(${textArray(all)}::text[]) AND reason <> 'blocked'`.execute(
    tx,
  );
  await showReasons(work, spellingsOf({ number: all[0] }));
  return !(await isBlocked(work, number));
}

/** Whether the workspace blocked a number, whatever its owner says. */
export async function isBlocked({ tx, workspaceId }: Scope, number: string): Promise<boolean> {
  const rows = await sql`
    SELECT 1 FROM suppressions WHERE workspace_id = ${workspaceId} AND number = ANY(${textArray(numberSpellings(number))}::text[]) AND reason = 'blocked'`.execute(
    tx,
  );
  return rows.rows.length > 0;
}

/** Takes back a reason that the workspace gave. The number stays suppressed where there is another. */
export async function liftSuppression(
  work: Work,
  suppressionId: string,
): Promise<{ readonly outcome: 'lifted' | 'theirs' | 'unknown'; readonly number: string | null }> {
  const { tx, workspaceId } = work;
  const lifted = await sql<{ number: string | null }>`
    DELETE FROM suppressions WHERE workspace_id = ${workspaceId} AND id = ${suppressionId} AND reason = ANY(${textArray(liftableReasons)}::text[])
    RETURNING number`.execute(tx);
  const [row] = lifted.rows;
  if (row !== undefined) {
    if (row.number !== null) await showReasons(work, spellingsOf({ number: row.number }));
    return { outcome: 'lifted', number: row.number };
  }
  const there = await tx
    .selectFrom('suppressions')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', suppressionId)
    .executeTakeFirst();
  return { outcome: there === undefined ? 'unknown' : 'theirs', number: null };
}

/** Makes the digests that rows of before there were any lack, a page at a time. @returns how many. */
export async function addDigests(deps: Pick<NumberDeps, 'digests'>, work: Scope, page: number): Promise<number> {
  const { tx, workspaceId } = work;
  const digest = await deps.digests.made(work);
  const rows = await sql<{ id: string; number: string }>`
    SELECT id, number FROM suppressions WHERE workspace_id = ${workspaceId} AND digest IS NULL AND number IS NOT NULL
    ORDER BY id LIMIT ${page} FOR NO KEY UPDATE SKIP LOCKED`.execute(tx);
  await sql`
    UPDATE suppressions s SET digest = x.digest FROM unnest(
      ${uuidArray(rows.rows.map(({ id }) => id))}::uuid[], ${byteArray(rows.rows.map(({ number }) => digest(number)))}::bytea[]
    ) AS x(id, digest) WHERE s.workspace_id = ${workspaceId} AND s.id = x.id`.execute(tx);
  return rows.rows.length;
}

/** A way of writing a number, and the number. */
type Spelling = { readonly spelling: string; readonly number: string };

const spellingOf = (spelling: string): Spelling => ({ spelling, number: numberSpellings(spelling)[0] });
const spellingsOf = ({ number }: { readonly number: string }): Spelling[] =>
  numberSpellings(number).map((spelling) => ({ spelling, number }));
const byteArray = (values: readonly Buffer[]): string =>
  `{${values.map((value) => `"\\\\x${value.toString('hex')}"`).join(',')}}`;

/**
 * Brings rows of numbers in line with their reasons. Of several the row shows what the owner did before what the workspace did, and the
 * oldest.
 *
 * @returns the numbers that could be texted before and cannot now.
 */
async function showReasons({ tx, workspaceId }: Scope, spelled: readonly Spelling[]): Promise<string[]> {
  if (spelled.length === 0) return [];
  const rows = await sql<{ number: string; closed: boolean }>`
    UPDATE numbers n SET suppressed_at = f.at, suppressed_reason = f.reason
    FROM (
      SELECT x.spelling, x.number, s.at, s.reason, b.suppressed_at IS NULL AS was_open
      FROM unnest(${textArray(spelled.map(({ spelling }) => spelling))}::text[], ${textArray(spelled.map(({ number }) => number))}::text[]) AS x(spelling, number)
      JOIN numbers b ON b.workspace_id = ${workspaceId} AND b.number = x.spelling
      LEFT JOIN LATERAL (
        SELECT at, reason FROM suppressions WHERE workspace_id = ${workspaceId} AND number IN (x.spelling, x.number)
        ORDER BY CASE reason WHEN 'import' THEN 2 WHEN 'blocked' THEN 1 ELSE 0 END, at, id LIMIT 1
      ) s ON true
      ORDER BY x.spelling
    ) f
    WHERE n.workspace_id = ${workspaceId} AND n.number = f.spelling
    RETURNING f.number, f.was_open AND f.at IS NOT NULL AS closed`.execute(tx);
  return [...new Set(rows.rows.flatMap(({ number, closed }) => (closed ? [number] : [])))];
}
