import { sql } from 'kysely';
import { textArray, uuidArray } from '../db/array-literals.ts';
import type { Work } from '../db/work.ts';

/** Whom to give a code of which pool. */
export type Wanted = { readonly contactId: string; readonly pool: string };

/** How often codes are looked for: where somebody else was giving the same people theirs, those that were taken for them are free again. */
const mostTries = 3;

/**
 * Gives people their codes: whoever has one of the pool already gets that, whoever has none one that nobody has. Three statements,
 * however many people and pools, and one where all have theirs; two more where others were taking codes of the same pools at the same time.
 *
 * A code is locked, written down as somebody's and taken out of the free ones in the transaction of whoever asks: what is rolled back was never
 * given. Two who ask for one person wait for each other at the grant, and get the same code.
 *
 * @returns the code of each, in order; null where the pool has none left, or is not there.
 */
export async function giveCodes(work: Work, wanted: readonly Wanted[]): Promise<Array<string | null>> {
  const key = ({ contactId, pool }: Wanted) => `${contactId} ${pool}`;
  let had = await readGrants(work, wanted);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const without = wanted.filter((each) => !had.has(key(each)));
    if (without.length === 0 || (await grant(work, without)) === 0) break;
    had = await readGrants(work, wanted);
  }
  return wanted.map((each) => had.get(key(each)) ?? null);
}

const asked = (wanted: readonly Wanted[]) =>
  sql`unnest(${uuidArray(wanted.map(({ contactId }) => contactId))}::uuid[], ${textArray(wanted.map(({ pool }) => pool))}::text[]) AS x(contact_id, key)`;

/** Codes that people have, by person and pool. */
async function readGrants({ tx, workspaceId }: Work, wanted: readonly Wanted[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ contact_id: string; key: string; code: string }>`
    SELECT x.contact_id, x.key, g.code FROM ${asked(wanted)}
    JOIN code_pools p ON p.workspace_id = ${workspaceId} AND p.key = x.key
    JOIN code_grants g ON g.workspace_id = ${workspaceId} AND g.pool_id = p.id AND g.contact_id = x.contact_id`.execute(
    tx,
  );
  return new Map(rows.map(({ contact_id, key, code }) => [`${contact_id} ${key}`, code]));
}

/**
 * Takes free codes for people who have none. Who of two gets which does not matter, that nobody waits for another's codes does: those are passed by.
 *
 * @returns how many people may have a code now: those to whom one was given, and those to whom somebody else was giving one.
 */
async function grant({ tx, workspaceId, now }: Work, without: readonly Wanted[]): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    WITH wanting AS (
      SELECT pool_id, contact_id, row_number() OVER (PARTITION BY pool_id ORDER BY contact_id) AS place
      FROM (
        SELECT DISTINCT p.id AS pool_id, x.contact_id FROM ${asked(without)}
        JOIN code_pools p ON p.workspace_id = ${workspaceId} AND p.key = x.key AND p.archived_at IS NULL
      ) AS w
    ), free AS (
      SELECT f.code, n.pool_id, row_number() OVER (PARTITION BY n.pool_id ORDER BY f.seq) AS place
      FROM (SELECT pool_id, count(*) AS n FROM wanting GROUP BY pool_id) AS n
      CROSS JOIN LATERAL (
        SELECT c.code, c.seq FROM codes c WHERE c.workspace_id = ${workspaceId} AND c.pool_id = n.pool_id AND c.given_at IS NULL
        ORDER BY c.seq LIMIT n.n FOR UPDATE SKIP LOCKED
      ) AS f
    ), matched AS MATERIALIZED (
      SELECT w.pool_id, w.contact_id, f.code FROM wanting w JOIN free f ON f.pool_id = w.pool_id AND f.place = w.place
    ), granted AS (
      INSERT INTO code_grants (workspace_id, pool_id, contact_id, code)
      SELECT ${workspaceId}::uuid, pool_id, contact_id, code FROM matched ORDER BY pool_id, contact_id
      ON CONFLICT (workspace_id, pool_id, contact_id) DO NOTHING RETURNING code
    ), taken AS (
      UPDATE codes c SET given_at = ${now} FROM granted g WHERE c.workspace_id = ${workspaceId} AND c.code = g.code
    )
    SELECT count(*)::int AS n FROM matched`.execute(tx);
  return rows[0]?.n ?? 0;
}
