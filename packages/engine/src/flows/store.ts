import { type FlowGraph, flowGraphSchema } from '@signalbox/nodes/flow/graph';
import { sql } from 'kysely';
import { containing } from '../db/like.ts';
import type { FlowState } from '../db/states.ts';
import type { Scope } from '../db/work.ts';
import { instantText } from '../http/instants.ts';
import { type FlowCount, readCounts } from '../versions/counts.ts';

export type FlowKind = 'drawn' | 'code' | 'workflow';

/** A flow without its graphs. */
export type FlowRow = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly kind: FlowKind;
  readonly state: FlowState;
  readonly revision: number;
  readonly source_path: string | null;
  /** What keeps a code flow's file from being used. */
  readonly source_problem: 'gone' | 'broken' | null;
  readonly source_detail: string | null;
  /** Why it paused itself; null where somebody paused it. */
  readonly paused_by: unknown;
  readonly is_sample: boolean;
  readonly archived_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  /** `updated_at` to the microsecond: the list's key. */
  readonly updated_key: string;
  readonly live_number: number | null;
  readonly live_at: Date | null;
  readonly changed: boolean;
  readonly triggers: ReadonlyArray<{ readonly kind: string; readonly value: string }>;
  /** The triggers of the draft, as they are stored. */
  readonly draft_entries: unknown;
  /** Steps at which people enter. */
  readonly entries: readonly string[];
};

export type FlowDocument = FlowRow & { readonly graph: FlowGraph; readonly liveGraph: FlowGraph | null };

const columns = (triggerTypes: readonly string[]) => sql`
  f.id, f.name, f.description, f.kind, f.state, f.revision, f.source_path, f.source_problem, f.source_detail, f.paused_by, f.is_sample, f.archived_at, f.created_at, f.updated_at,
  ${instantText('f.updated_at')} AS updated_key, v.number AS live_number, v.published_at AS live_at, (v.id IS NULL OR v.graph IS DISTINCT FROM f.graph) AS changed,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', t.kind, 'value', t.value) ORDER BY t.step, t.value), '[]')
     FROM (SELECT DISTINCT step, kind, value FROM flow_triggers t WHERE t.workspace_id = f.workspace_id AND t.flow_id = f.id) t) AS triggers,
  (SELECT coalesce(jsonb_agg(s), '[]') FROM jsonb_path_query(f.graph, '$.steps[*]') s WHERE s->>'type' = ANY(${[...triggerTypes]}::text[])) AS draft_entries,
  (SELECT coalesce(array_agg(DISTINCT s->>'id'), '{}') FROM jsonb_path_query(jsonb_build_array(f.graph, v.graph), '$[*].steps[*]') s
     WHERE s->>'type' = ANY(${[...triggerTypes]}::text[]) OR (f.kind = 'workflow' AND s = f.graph->'steps'->0)) AS entries`;

const source = sql`flows f LEFT JOIN flow_versions v ON v.workspace_id = f.workspace_id AND v.id = f.live_version_id`;

/** Flows, last changed first: the archived ones, or the others. */
export async function listFlows(
  work: Scope,
  query: {
    readonly search?: string | undefined;
    readonly state?: FlowState | undefined;
    readonly archived: boolean;
    readonly limit: number;
    readonly after: readonly [string, string] | null;
    readonly triggerTypes: readonly string[];
  },
): Promise<FlowRow[]> {
  const { tx, workspaceId } = work;
  const search = query.search?.trim() ?? '';
  const pattern = containing(search);
  const rows = await sql<FlowRow>`
    SELECT ${columns(query.triggerTypes)} FROM ${source}
    WHERE f.workspace_id = ${workspaceId} AND f.archived_at IS ${query.archived ? sql`NOT NULL` : sql`NULL`}
      ${query.state === undefined ? sql`` : sql`AND f.state = ${query.state}`}
      ${
        search === ''
          ? sql``
          : sql`AND (f.name ILIKE ${pattern} OR f.description ILIKE ${pattern}
        OR EXISTS (SELECT 1 FROM flow_triggers t WHERE t.workspace_id = f.workspace_id AND t.flow_id = f.id AND t.value ILIKE ${pattern}))`
      }
      ${query.after === null ? sql`` : sql`AND (f.updated_at, f.id) < (${query.after[0]}::timestamptz, ${query.after[1]}::uuid)`}
    ORDER BY f.updated_at DESC, f.id DESC LIMIT ${query.limit}`.execute(tx);
  return rows.rows;
}

/** One flow with its graphs, locked where it is to be changed. Null where there is none, or it is archived. */
export async function readFlow(
  work: Scope,
  flowId: string,
  options: { readonly triggerTypes: readonly string[]; readonly lock?: boolean; readonly archived?: boolean },
): Promise<FlowDocument | null> {
  const { tx, workspaceId } = work;
  if (options.lock === true)
    await sql`SELECT 1 FROM flows WHERE workspace_id = ${workspaceId} AND id = ${flowId} FOR NO KEY UPDATE`.execute(tx);
  const rows = await sql<FlowRow & { graph: unknown; live_graph: unknown }>`
    SELECT ${columns(options.triggerTypes)}, f.graph, v.graph AS live_graph FROM ${source}
    WHERE f.workspace_id = ${workspaceId} AND f.id = ${flowId} ${options.archived === true ? sql`` : sql`AND f.archived_at IS NULL`}`.execute(
    tx,
  );
  const row = rows.rows[0];
  if (row === undefined) return null;
  const { graph, live_graph, ...rest } = row;
  return {
    ...rest,
    graph: flowGraphSchema.parse(graph),
    liveGraph: live_graph === null ? null : flowGraphSchema.parse(live_graph),
  };
}

/** Ids of the workspace's flows, archived ones left out. */
export async function flowIds(work: Scope): Promise<string[]> {
  const { tx, workspaceId } = work;
  const rows = await tx
    .selectFrom('flows')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('archived_at', 'is', null)
    .execute();
  return rows.map((row) => row.id);
}

export type StepCounts = { entered: number; here: number; left: number; failed: number };
export type CountsOfFlow = {
  readonly steps: Record<string, StepCounts>;
  readonly outlets: Record<string, Record<string, number>>;
};

/** Counts by step and outlet; `here` is what entered and neither left nor failed. */
export function nestCounts(rows: ReadonlyArray<Pick<FlowCount, 'stepId' | 'metric' | 'n'>>): CountsOfFlow {
  // Maps, as a step may be called `constructor`.
  const steps = new Map<string, StepCounts>();
  const outlets = new Map<string, Record<string, number>>();
  for (const { stepId, metric, n } of rows) {
    if (metric.startsWith('out:')) {
      outlets.set(stepId, { ...outlets.get(stepId), [metric.slice(4)]: n });
      continue;
    }
    const step = steps.get(stepId) ?? { entered: 0, here: 0, left: 0, failed: 0 };
    steps.set(stepId, step);
    if (metric === 'entered' || metric === 'left' || metric === 'failed') step[metric] = n;
    step.here = step.entered - step.left - step.failed;
  }
  return { steps: Object.fromEntries(steps), outlets: Object.fromEntries(outlets) };
}

/** Counts of each flow. Flows nobody entered have empty ones. */
export async function countsOf(work: Scope, ids: readonly string[]): Promise<Map<string, CountsOfFlow>> {
  const byFlow = Map.groupBy(await readCounts(work, ids), (row) => row.flowId);
  return new Map(ids.map((id) => [id, nestCounts(byFlow.get(id) ?? [])]));
}

/** Everyone who ever entered, who is inside, and who failed. */
export function peopleOf(
  row: Pick<FlowRow, 'entries'>,
  counts: CountsOfFlow | undefined,
): { entered: number; here: number; failed: number } {
  const steps = Object.entries(counts?.steps ?? {});
  const sum = (metric: 'entered' | 'here' | 'failed', only?: readonly string[]) =>
    steps.reduce((total, [id, step]) => (only === undefined || only.includes(id) ? total + step[metric] : total), 0);
  return { entered: sum('entered', row.entries), here: sum('here'), failed: sum('failed') };
}

/** Every graph that a flow has had and still has: its draft, and those of its versions. */
export async function earlierGraphs(work: Scope, flow: FlowDocument): Promise<FlowGraph[]> {
  const versions = await work.tx
    .selectFrom('flow_versions')
    .select('graph')
    .where('workspace_id', '=', work.workspaceId)
    .where('flow_id', '=', flow.id)
    .execute();
  return [flow.graph, ...versions.map(({ graph }) => flowGraphSchema.parse(graph))];
}

/** Versions of a flow with those inside, newest first. */
export async function listVersions(
  work: Scope,
  flowId: string,
  limit: number,
  before: number | null,
): Promise<Array<{ number: number; published_at: Date; here: number; graph: unknown }>> {
  const { tx, workspaceId } = work;
  const rows = await sql<{ number: number; published_at: Date; here: number; graph: unknown }>`
    SELECT v.number, v.published_at, v.graph, (SELECT count(*)::int FROM enrollments e WHERE e.workspace_id = v.workspace_id AND e.flow_id = v.flow_id AND e.version_id = v.id) AS here
    FROM flow_versions v WHERE v.workspace_id = ${workspaceId} AND v.flow_id = ${flowId} ${before === null ? sql`` : sql`AND v.number < ${before}`}
    ORDER BY v.number DESC LIMIT ${limit}`.execute(tx);
  return rows.rows;
}
