import type { Difference } from '@signalbox/statistics/estimates/estimate';
import { type Count, differenceOfProportions } from '@signalbox/statistics/estimates/proportions';
import { sql } from 'kysely';
import type { Scope } from '../db/work.ts';
import { loadReadable, type VersionCache } from '../versions/version-cache.ts';

/** Of intervals: one in twenty does not hold the difference that it is about. */
const alpha = 0.05;
/** People who are looked at, the newest who came by. */
const mostPeople = 50_000;

/** Steps that draw who goes which way. */
const drawing: ReadonlySet<string> = new Set(['split', 'test']);

/** Of people who were drawn by chance, how many who got messages and who got none did what is counted. */
export type Holdout = { readonly reached: Count; readonly heldOut: Count };

/** How much larger the share of those is who did it among people who got messages, with its interval; null where one of the two groups is empty. */
export function differenceToHoldout({ reached, heldOut }: Holdout): Difference | null {
  return differenceOfProportions(heldOut, reached, alpha);
}

type Asked = {
  readonly flowId: string;
  readonly goalId: string;
  /** Days after the draw within which doing it counts; who was drawn later is not looked at yet. */
  readonly days: number;
  readonly since: Date;
  readonly now: Date;
};

type Way = {
  readonly outlet: number;
  readonly people: number;
  readonly written_to: number;
  readonly converted: number;
};

/**
 * What became of people whom a step of the flow drew for a way without messages, and of those whom it drew for another. Only of a version whose
 * steps draw a person once and for all.
 *
 * @returns null where no way was without messages.
 */
export async function readHoldout(versions: VersionCache, scope: Scope, asked: Asked): Promise<Holdout | null> {
  const live = await scope.tx
    .selectFrom('flows')
    .select('live_version_id')
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', asked.flowId)
    .executeTakeFirst();
  const versionId = live?.live_version_id ?? null;
  const version = versionId === null ? null : await loadReadable(versions, scope, versionId);
  if (version === null) return null;
  for (const step of version.steps) {
    if (!drawing.has(step.type) || step.config['again'] === 'anew') continue;
    const ways = await readWays(scope, { ...asked, versionId: version.id, step: step.rank });
    const [held, reached] = [ways.filter((way) => way.written_to === 0), ways.filter((way) => way.written_to > 0)];
    if (held.length > 0 && reached.length > 0) return { reached: together(reached), heldOut: together(held) };
  }
  return null;
}

const together = (ways: readonly Way[]): Count => ({
  people: ways.reduce((sum, { people }) => sum + people, 0),
  converted: ways.reduce((sum, { converted }) => sum + converted, 0),
});

type Drawn = Asked & { readonly versionId: string; readonly step: number };

/** The ways out of a step with who took them first, once for each person. */
async function readWays({ tx, workspaceId }: Scope, drawn: Drawn): Promise<Way[]> {
  const { flowId, versionId, goalId, days, since, now, step } = drawn;
  const of = sql`workspace_id = ${workspaceId} AND flow_id = ${flowId}::uuid AND version_id = ${versionId}::uuid AND started_at >= ${since}`;
  const { rows } = await sql<Way>`
    WITH newest AS MATERIALIZED (
      SELECT id, contact_id FROM (
        SELECT id, contact_id, started_at FROM enrollments WHERE ${of}
        UNION ALL SELECT id, contact_id, started_at FROM enrollment_history WHERE ${of}
      ) AS e ORDER BY started_at DESC LIMIT ${mostPeople}
    ), drawn AS (
      SELECT DISTINCT ON (n.contact_id) n.contact_id, p.outlet, p.at
      FROM newest n JOIN enrollment_path p ON p.workspace_id = ${workspaceId} AND p.enrollment_id = n.id AND p.step = ${step} AND p.outlet IS NOT NULL
      WHERE p.at <= ${now}::timestamptz - ${days} * interval '1 day'
      ORDER BY n.contact_id, p.at
    )
    SELECT d.outlet, count(*)::int AS people,
      count(*) FILTER (WHERE EXISTS (
        SELECT 1 FROM messages m WHERE m.workspace_id = ${workspaceId} AND m.contact_id = d.contact_id AND m.flow_id = ${flowId}::uuid AND m.direction = 'out' AND m.created_at >= d.at
      ))::int AS written_to,
      count(*) FILTER (WHERE EXISTS (
        SELECT 1 FROM conversions v WHERE v.workspace_id = ${workspaceId} AND v.goal_id = ${goalId}::uuid AND v.contact_id = d.contact_id
          AND v.at BETWEEN d.at AND d.at + ${days} * interval '1 day'
      ))::int AS converted
    FROM drawn d GROUP BY d.outlet ORDER BY d.outlet`.execute(tx);
  return rows;
}
