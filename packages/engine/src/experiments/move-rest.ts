import type { Reason } from '@signalbox/nodes/define/decision';
import type { TestConfig } from '@signalbox/nodes/library/logic/test';
import { sql } from 'kysely';
import type { ArrivedPage } from '../cohorts/arrival-pages.ts';
import { type ArrivalDeps, arrive } from '../cohorts/arrivals.ts';
import { noRuns, runSize } from '../cohorts/run-ref.ts';
import { scalarArray, textArray, uuidArray } from '../db/array-literals.ts';
import { writeFeed, writeTopic } from '../db/feed.ts';
import { positionState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import { loadReadable } from '../versions/version-cache.ts';
import { waitsFor } from './store.ts';

/** A test that has ended, and for which somebody may still wait. */
export type EndedTest = { readonly id: string; readonly winner: string | null; readonly config: TestConfig };

type Waiting = {
  id: string;
  flow_id: string;
  version_id: string;
  contact_id: string;
  run_id: string | null;
  cohort: number;
  hop: number;
  step: number;
  arrived_outlet: number | null;
  arm: string;
  keeps_control: boolean;
};

type Given = { readonly arm: string; readonly by: 'winner' | 'control' | 'deadline'; readonly propensity: number };

/** What somebody who waited is given: the winner, or the control for those who keep it; by the weights where nothing has won. */
function givenTo({ keeps_control }: Waiting, { winner, config }: EndedTest): Given | null {
  const [control] = config.arms;
  if (winner === null || control === undefined) return null;
  const share = config.control_share / 100;
  if (winner === control.id) return { arm: winner, by: 'winner', propensity: 1 };
  return keeps_control
    ? { arm: control.id, by: 'control', propensity: share }
    : { arm: winner, by: 'winner', propensity: 1 - share };
}

function reasonOf({ arm, by }: Given, { config }: EndedTest): Reason {
  const label = config.arms.find(({ id }) => id === arm)?.label ?? arm;
  return by === 'control'
    ? { code: 'test_control', values: { arm: label, percent: config.control_share } }
    : { code: 'test_winner', values: { arm: label } };
}

/**
 * Moves a page of those who wait for a test that has ended, each the way that they are given by it. Taking them out of their wait is what
 * makes it once: whoever's time was over before is not there any more. When nobody is left, the test says so.
 */
export async function moveRest(deps: ArrivalDeps, work: Work, test: EndedTest): Promise<ArrivedPage> {
  const { tx, workspaceId, now } = work;
  const event = waitsFor(test.id);
  const { rows } = await sql<Waiting>`
    SELECT e.id, e.flow_id, e.version_id, e.contact_id, e.run_id, e.cohort, e.hop, e.step, e.arrived_outlet, a.arm, a.keeps_control
    FROM enrollments e
    JOIN test_assignments a ON a.workspace_id = e.workspace_id AND a.test_id = ${test.id} AND a.contact_id = e.contact_id
    WHERE e.workspace_id = ${workspaceId} AND e.state = ${sql.lit(positionState.parked)} AND e.waiting_event = ${event} AND e.waiting_event LIKE 'test.%'
    ORDER BY e.id LIMIT ${runSize} FOR NO KEY UPDATE OF e SKIP LOCKED`.execute(tx);
  if (rows.length === 0) {
    await sql`
      UPDATE tests SET rest_moved_at = ${now} WHERE workspace_id = ${workspaceId} AND id = ${test.id} AND NOT EXISTS (
        SELECT 1 FROM enrollments e WHERE e.workspace_id = ${workspaceId} AND e.state = ${sql.lit(positionState.parked)}
          AND e.waiting_event = ${event} AND e.waiting_event LIKE 'test.%')`.execute(tx);
    return { taken: 0, runs: noRuns, wake: [] };
  }
  const moving = rows.map((row) => ({ row, given: givenTo(row, test) }));
  const changed = moving.flatMap(({ row, given }) => (given === null ? [] : [{ contactId: row.contact_id, ...given }]));
  if (changed.length > 0)
    await sql`
      UPDATE test_assignments a SET arm = x.arm, decided_by = x.decided_by, propensity = x.propensity, assigned_at = ${now}
      FROM unnest(
        ${uuidArray(changed.map(({ contactId }) => contactId))}::uuid[], ${textArray(changed.map(({ arm }) => arm))}::text[],
        ${textArray(changed.map(({ by }) => by))}::text[], ${scalarArray(changed.map(({ propensity }) => propensity))}::float8[]
      ) AS x(contact_id, arm, decided_by, propensity)
      WHERE a.workspace_id = ${workspaceId} AND a.test_id = ${test.id} AND a.contact_id = x.contact_id`.execute(tx);
  const arrivals = [];
  for (const { row, given } of moving) {
    const version = await loadReadable(deps.versions, work, row.version_id);
    const outlets = version?.steps[row.step]?.outlets ?? [];
    const outlet = given === null ? -1 : outlets.findIndex(({ id }) => id === given.arm);
    arrivals.push({
      id: row.id,
      versionId: row.version_id,
      hop: row.hop,
      step: row.step,
      outlet: outlet < 0 ? (row.arrived_outlet ?? 0) : outlet,
      eventId: null,
      reason: given === null ? { code: 'test_over', values: { arm: labelOf(test, row.arm) } } : reasonOf(given, test),
      codeRun: row.run_id === null ? null : { runId: row.run_id, cohort: row.cohort },
    });
  }
  const arrived = await arrive(deps, work, arrivals);
  await writeFeed(work, {
    flowIds: [...new Set(rows.map((row) => row.flow_id))],
    contactIds: rows.map((row) => row.contact_id),
    counts: true,
  });
  await writeTopic(work, { topic: 'tests', ids: [shown('test', test.id)] });
  return { ...arrived, taken: rows.length };
}

const labelOf = ({ config }: EndedTest, arm: string): string => config.arms.find(({ id }) => id === arm)?.label ?? arm;
