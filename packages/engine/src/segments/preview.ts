import { purposes } from '@signalbox/nodes/define/ports';
import type { Condition } from '@signalbox/nodes/flow/conditions';
import { evaluate } from '@signalbox/nodes/flow/evaluate-condition';
import { personNumber } from '@signalbox/nodes/text/phone-number';
import { type RawBuilder, sql } from 'kysely';
import type { Work } from '../db/work.ts';
import { type CompiledCondition, compileCondition } from './compile.ts';
import { readRecords } from './facts.ts';

/** Somebody who is shown. */
export type Sample = {
  readonly id: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly phone: string;
};

/** Who of some people can be written to. */
export type Reach = {
  readonly blocked: number;
  readonly unreachable: number;
  readonly consenting: ReadonlyArray<{ readonly purpose: string; readonly people: number }>;
};

export type Preview = { readonly size: number; readonly reach: Reach; readonly samples: readonly Sample[] };

const mostSamples = 10;
/** People whom the evaluator is asked about at once. */
const page = 2_000;

/** Who meets a condition now: how many, how many of them can be written to, and the ten who were added last. */
export async function previewCondition(work: Work, condition: Condition): Promise<Preview> {
  const compiled = compileCondition(condition, { ...work, whom: null, withDue: false });
  await makeRoom(work);
  const { certain, open } = await countMatching(work, compiled);
  const told = open === 0 ? [] : await askEvaluator(work, condition, compiled);
  const matching = matchingSql(work, compiled, told);
  const samples = await sql<Sample>`
    SELECT c.id, c.first_name, c.last_name, c.phone FROM ${matching} AS k JOIN contacts c ON c.workspace_id = ${work.workspaceId} AND c.id = k.id
    ORDER BY c.id DESC LIMIT ${mostSamples}`.execute(work.tx);
  return { size: certain + told.length, reach: await readReach(work, matching), samples: samples.rows };
}

/** How many people meet a condition. */
export async function countCondition(work: Work, condition: Condition): Promise<number> {
  const compiled = compileCondition(condition, { ...work, whom: null, withDue: false });
  await makeRoom(work);
  const { certain, open } = await countMatching(work, compiled);
  return open === 0 ? certain : certain + (await askEvaluator(work, condition, compiled)).length;
}

/** For this transaction, so that what happened to a million people is grouped and joined in memory. */
async function makeRoom({ tx }: Work): Promise<void> {
  await sql`SELECT set_config('work_mem', '32MB', true)`.execute(tx);
}

/** Grouped by the answer, which is so worked out once for each. */
async function countMatching({ tx, workspaceId }: Work, { joins, holds }: CompiledCondition) {
  const { rows } = await sql<{ holds: boolean | null; n: number }>`
    SELECT ${holds} AS holds, count(*)::int AS n FROM contacts c ${joins} WHERE c.workspace_id = ${workspaceId} AND c.deleted_at IS NULL GROUP BY 1`.execute(
    tx,
  );
  const counted = (answer: boolean | null) => rows.find((row) => row.holds === answer)?.n ?? 0;
  return { certain: counted(true), open: counted(null) };
}

/** Those of whom the database cannot tell, and of whom the evaluator says yes. */
async function askEvaluator(work: Work, condition: Condition, { joins, holds }: CompiledCondition): Promise<string[]> {
  const { tx, workspaceId, now } = work;
  const { rows } = await sql<{ id: string }>`
    SELECT c.id FROM contacts c ${joins} WHERE c.workspace_id = ${workspaceId} AND c.deleted_at IS NULL AND (${holds}) IS NULL`.execute(
    tx,
  );
  const matching: string[] = [];
  for (let start = 0; start < rows.length; start += page) {
    const ids = rows.slice(start, start + page).map(({ id }) => id);
    for (const [id, record] of await readRecords(work, condition, ids))
      if (evaluate(condition, record, now).result) matching.push(id);
  }
  return matching;
}

const matchingSql = ({ workspaceId }: Work, { joins, holds }: CompiledCondition, told: readonly string[]) => sql`(
    SELECT c.id, c.phone FROM contacts c ${joins} WHERE c.workspace_id = ${workspaceId} AND c.deleted_at IS NULL AND ${holds}
    UNION ALL SELECT c.id, c.phone FROM contacts c WHERE c.workspace_id = ${workspaceId} AND c.id = ANY(${[...told]}::uuid[])
  )`;

/** Who of the people of a segment can be written to. */
export function reachOfSegment(work: Pick<Work, 'tx' | 'workspaceId'>, segmentId: string): Promise<Reach> {
  const { workspaceId } = work;
  return readReach(
    work,
    sql`(SELECT c.id, c.phone FROM segment_members m JOIN contacts c ON c.workspace_id = m.workspace_id AND c.id = m.contact_id
      WHERE m.workspace_id = ${workspaceId} AND m.segment_id = ${segmentId}::uuid)`,
  );
}

/** One statement: people with blocked numbers, those who are no person's number, and consent by purpose. */
async function readReach(
  { tx, workspaceId }: Pick<Work, 'tx' | 'workspaceId'>,
  people: RawBuilder<unknown>,
): Promise<Reach> {
  const { rows } = await sql<{ blocked: number; unreachable: number; consenting: Record<string, number> }>`
    WITH people AS MATERIALIZED ${people}
    SELECT
      (SELECT count(*) FROM people k JOIN numbers n ON n.workspace_id = ${workspaceId} AND n.number = k.phone AND n.suppressed_at IS NOT NULL)::int AS blocked,
      (SELECT count(*) FROM people k WHERE k.phone !~ ${personNumber})::int AS unreachable,
      (SELECT coalesce(jsonb_object_agg(purpose, n), '{}') FROM (
        SELECT s.purpose, count(*)::int AS n FROM people k JOIN consents s ON s.workspace_id = ${workspaceId} AND s.contact_id = k.id AND s.state = 'granted' GROUP BY s.purpose
      ) AS granted) AS consenting`.execute(tx);
  const [row] = rows;
  return {
    blocked: row?.blocked ?? 0,
    unreachable: row?.unreachable ?? 0,
    consenting: purposes.map((purpose) => ({ purpose, people: row?.consenting[purpose] ?? 0 })),
  };
}
