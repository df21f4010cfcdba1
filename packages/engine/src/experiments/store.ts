import { type TestConfig, testConfig } from '@signalbox/nodes/library/logic/test';
import { sql } from 'kysely';
import { writeTopic } from '../db/feed.ts';
import { positionState, type TestEnd, type TestOutcome, type TestState } from '../db/states.ts';
import type { Scope, Work } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import type { Recorder } from '../http/recorder.ts';
import { type Seen, seenSchema, type TestLook } from './contract.ts';

/** A test as it is stored, with its last look. */
export type TestRow = {
  readonly id: string;
  readonly flowId: string;
  readonly flowName: string;
  readonly flowState: string;
  readonly stepId: string;
  readonly version: number;
  readonly config: TestConfig;
  readonly state: TestState;
  readonly winner: string | null;
  readonly outcome: TestOutcome | null;
  readonly endedBy: TestEnd | null;
  readonly who: Recorder | null;
  readonly reason: string;
  readonly endedAt: Date | null;
  readonly createdAt: Date;
  readonly waiting: number;
  /** A sample to which nobody has come: what was seen of it is made up, and stays. */
  readonly madeUp: boolean;
  readonly seen: (Seen & { readonly at: string }) | null;
};

type Raw = {
  id: string;
  flow_id: string;
  flow_name: string;
  flow_state: string;
  step_id: string;
  version: number;
  config: unknown;
  state: TestState;
  winner: string | null;
  outcome: TestOutcome | null;
  ended_by: TestEnd | null;
  by_kind: string | null;
  by_id: string | null;
  reason: string;
  ended_at: Date | null;
  created_at: Date;
  waiting: number;
  made_up: boolean;
  at: Date | null;
  seen: unknown;
};

/** What those wait for who wait for a test's decision. */
export const waitsFor = (testId: string): string => `test.decided.${testId}`;

/** Tests, the latest begun first, a page after a moment and an id. */
export async function listTests(
  { tx, workspaceId }: Scope,
  query: {
    readonly id?: string;
    readonly state?: TestState | undefined;
    readonly flowId?: string | undefined;
    readonly after: readonly [string, string] | null;
    readonly limit: number;
  },
): Promise<TestRow[]> {
  const [afterTime, afterId] = query.after ?? [null, null];
  const { rows } = await sql<Raw>`
    SELECT t.*, f.name AS flow_name, f.state AS flow_state, l.at, l.seen,
      (SELECT count(*)::int FROM enrollments e WHERE e.workspace_id = t.workspace_id AND e.state = ${sql.lit(positionState.parked)}
        AND e.waiting_event = 'test.decided.' || t.id AND e.waiting_event LIKE 'test.%') AS waiting,
      t.is_sample AND NOT EXISTS (SELECT 1 FROM test_assignments a WHERE a.workspace_id = t.workspace_id AND a.test_id = t.id) AS made_up
    FROM tests t
    JOIN flows f ON f.workspace_id = t.workspace_id AND f.id = t.flow_id
    LEFT JOIN LATERAL (
      SELECT at, seen FROM test_looks WHERE workspace_id = t.workspace_id AND test_id = t.id ORDER BY hour DESC LIMIT 1
    ) l ON true
    WHERE t.workspace_id = ${workspaceId}
      AND (${query.id ?? null}::uuid IS NULL OR t.id = ${query.id ?? null}::uuid)
      AND (${query.state ?? null}::text IS NULL OR t.state = ${query.state ?? null}::text)
      AND (${query.flowId ?? null}::uuid IS NULL OR t.flow_id = ${query.flowId ?? null}::uuid)
      AND (${afterTime}::timestamptz IS NULL OR (t.created_at, t.id) < (${afterTime}::timestamptz, ${afterId}::uuid))
    ORDER BY t.created_at DESC, t.id DESC LIMIT ${query.limit}`.execute(tx);
  return rows.map(toRow);
}

/** One test, or null. */
export async function readTest(scope: Scope, id: string): Promise<TestRow | null> {
  const [row] = await listTests(scope, { id, after: null, limit: 1 });
  return row ?? null;
}

function toRow(raw: Raw): TestRow {
  return {
    id: raw.id,
    flowId: raw.flow_id,
    flowName: raw.flow_name,
    flowState: raw.flow_state,
    stepId: raw.step_id,
    version: raw.version,
    config: testConfig.parse(raw.config),
    state: raw.state,
    winner: raw.winner,
    outcome: raw.outcome,
    endedBy: raw.ended_by,
    who: raw.by_kind === null || raw.by_id === null ? null : { kind: raw.by_kind, id: raw.by_id },
    reason: raw.reason,
    endedAt: raw.ended_at,
    createdAt: raw.created_at,
    waiting: raw.waiting,
    madeUp: raw.made_up,
    seen: raw.at === null ? null : { ...seenSchema.parse(raw.seen), at: raw.at.toISOString() },
  };
}

/** At most so many looks are shown, evenly over the time. */
const mostLooks = 200;

/** The looks at a test, oldest first: the last of each hour, of a long test of each few hours. */
export async function readLooks({ tx, workspaceId }: Scope, testId: string): Promise<TestLook[]> {
  const { rows } = await sql<{ at: Date; seen: unknown }>`
    WITH looks AS (
      SELECT at, seen, ntile(${mostLooks}) OVER (ORDER BY hour) AS part FROM test_looks
      WHERE workspace_id = ${workspaceId} AND test_id = ${testId}
    )
    SELECT DISTINCT ON (part) at, seen FROM looks ORDER BY part, at DESC`.execute(tx);
  return rows.map(({ at, seen }) => ({ ...seenSchema.parse(seen), at: at.toISOString() }));
}

/** Makes whoever else looks at this test wait until the transaction is over: what it reads then has this look. */
export async function lockLooks({ tx }: Work, testId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(7210023, hashtext(${testId}))`.execute(tx);
}

/** Stores a look, in place of an earlier one of the hour. */
export async function storeLook({ tx, workspaceId, now }: Work, testId: string, seen: Seen): Promise<void> {
  await sql`
    INSERT INTO test_looks (workspace_id, test_id, hour, at, seen)
    VALUES (${workspaceId}, ${testId}, date_trunc('hour', ${now}::timestamptz), ${now}, ${JSON.stringify(seen)}::jsonb)
    ON CONFLICT (workspace_id, test_id, hour) DO UPDATE SET at = excluded.at, seen = excluded.seen`.execute(tx);
}

/** How a test ends: with what everybody is given from then on, or without. */
export type Ending =
  | {
      readonly state: 'decided';
      readonly winner: string;
      readonly outcome: TestOutcome;
      readonly by: 'verdict' | 'hand';
      readonly who: Recorder | null;
      readonly reason: string;
    }
  | { readonly state: 'stopped'; readonly by: 'hand'; readonly who: Recorder; readonly reason: string };

/**
 * Ends a test that runs. It waits for step calls under way: whoever they parked is there for the sweep that moves the rest. Webhooks hear
 * of a decision by a trigger, in the same transaction.
 *
 * @returns false where it had ended before.
 */
export async function endTest(work: Work, testId: string, ending: Ending): Promise<boolean> {
  const { tx, workspaceId, now } = work;
  const decided = ending.state === 'decided';
  const ended = await tx
    .updateTable('tests')
    .set({
      state: ending.state,
      winner: decided ? ending.winner : null,
      outcome: decided ? ending.outcome : null,
      ended_by: ending.by,
      by_kind: ending.who?.kind ?? null,
      by_id: ending.who?.id ?? null,
      reason: ending.reason,
      ended_at: now,
    })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', testId)
    .where('state', '=', 'running')
    .returning('flow_id')
    .execute();
  if (ended.length === 0) return false;
  await writeTopic(work, { topic: 'tests', ids: [shown('test', testId)] });
  return true;
}
