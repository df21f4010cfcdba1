import type { TestStanding } from '@signalbox/nodes/define/arms';
import type { CompiledStep } from '@signalbox/nodes/flow/compile-types';
import { type TestConfig, testConfig, test as testNode } from '@signalbox/nodes/library/logic/test';
import { sql } from 'kysely';
import { uuidArray } from '../db/array-literals.ts';
import { writeTopic } from '../db/feed.ts';
import type { Scope, Work } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import type { Ids } from '../runtime/ids.ts';

/** A step of a flow, over all of its versions. */
export type TestPlace = { readonly flowId: string; readonly stepId: string };

type Row = { id: string; state: string; winner: string | null };

/**
 * The test that people of a version are in at a step, as it stands. It cannot be decided before the transaction ends, so whoever is parked
 * until the decision is found by it.
 *
 * @throws Error where publishing began none.
 */
export async function lockTest(
  { tx, workspaceId }: Scope,
  { flowId, stepId, version }: TestPlace & { readonly version: number },
): Promise<Omit<TestStanding, 'given'>> {
  const { rows } = await sql<Row>`
    SELECT id, state, winner FROM tests
    WHERE workspace_id = ${workspaceId} AND flow_id = ${flowId} AND step_id = ${stepId} AND version <= ${version}
    ORDER BY version DESC LIMIT 1 FOR SHARE`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error(`No test was begun for step ${stepId} of flow ${flowId}.`);
  return { id: row.id, over: row.state === 'running' ? null : { winner: row.winner } };
}

/** What people were given at a step, in whichever of its tests; the last one counts. */
export async function armsGiven(
  { tx, workspaceId }: Scope,
  { flowId, stepId }: TestPlace,
  contactIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ contact_id: string; arm: string }>`
    SELECT DISTINCT ON (a.contact_id) a.contact_id, a.arm
    FROM tests t JOIN test_assignments a ON a.workspace_id = t.workspace_id AND a.test_id = t.id
    WHERE t.workspace_id = ${workspaceId} AND t.flow_id = ${flowId} AND t.step_id = ${stepId} AND a.contact_id = ANY(${uuidArray(contactIds)}::uuid[])
    ORDER BY a.contact_id, t.version DESC`.execute(tx);
  return new Map(rows.map(({ contact_id, arm }) => [contact_id, arm]));
}

/** What a test is of: with any other it is another test, of which nothing is counted together with this one. */
function stakesOf({ arms, holdout, metric, window_hours, plan }: TestConfig): string {
  return JSON.stringify({ arms: arms.map(({ id, weight }) => [id, weight]), holdout, metric, window_hours, plan });
}

/**
 * Begins the tests of a version that is being published, and ends those that it has no more or has otherwise. A test whose arms, weights,
 * metric and plan are as they were goes on, under the settings of the new version. The flow's row is locked.
 */
export async function beginTests(
  deps: { readonly ids: Ids },
  work: Work,
  version: { readonly flowId: string; readonly number: number; readonly steps: readonly CompiledStep[] },
): Promise<void> {
  const { tx, workspaceId, now } = work;
  const { flowId, number } = version;
  const steps = version.steps.filter(({ type }) => type === testNode.type);
  const running = await tx
    .selectFrom('tests')
    .select(['id', 'step_id', 'config', 'state', 'ended_by'])
    .distinctOn('step_id')
    .where('workspace_id', '=', workspaceId)
    .where('flow_id', '=', flowId)
    .orderBy('step_id')
    .orderBy('version', 'desc')
    .execute();
  if (steps.length === 0 && running.length === 0) return;
  const told: string[] = [];
  for (const { id: stepId, config } of steps) {
    const known = running.find((each) => each.step_id === stepId);
    const parsed = testConfig.parse(config);
    const values = { config: JSON.stringify(parsed) };
    const goesOn = known !== undefined && known.ended_by !== 'version';
    if (goesOn && stakesOf(testConfig.parse(known.config)) === stakesOf(parsed)) {
      await tx
        .updateTable('tests')
        .set(values)
        .where('workspace_id', '=', workspaceId)
        .where('id', '=', known.id)
        .execute();
      told.push(known.id);
      continue;
    }
    const id = deps.ids.uuid();
    const place = { flow_id: flowId, step_id: stepId, version: number };
    await tx
      .insertInto('tests')
      .values({ workspace_id: workspaceId, id, ...place, ...values, state: 'running', created_at: now })
      .execute();
    told.push(id);
  }
  const gone = running.filter(({ id, state }) => state === 'running' && !told.includes(id)).map(({ id }) => id);
  if (gone.length > 0)
    await tx
      .updateTable('tests')
      .set({ state: 'stopped', ended_by: 'version', ended_at: now })
      .where('workspace_id', '=', workspaceId)
      .where('id', 'in', gone)
      .where('state', '=', 'running')
      .execute();
  await writeTopic(work, { topic: 'tests', ids: [...told, ...gone].map((id) => shown('test', id)) });
}
