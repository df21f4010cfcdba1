import { sql } from 'kysely';
import { queueState } from '../db/states.ts';
import type { Scope } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import { lanes, type Queue, type QueueHold } from './contract.ts';
import type { HoldRow } from './holds.ts';
import { type Depth, type Minute, minutesKept, rateMinutes, readDepths, readMinutes } from './queue-counts.ts';

type Lane = Queue['lanes'][number]['lane'];
type Line = Pick<Queue, 'depth' | 'oldest_since' | 'came_per_minute' | 'went_per_minute' | 'seconds_to_drain'>;

/** A lane's name as the API has it. */
function laneNamed(lane: number): Lane {
  const name = lanes[lane - 1];
  if (name === undefined) throw new Error(`There is no lane ${lane}.`);
  return name;
}

function lineOf(depths: readonly Depth[]): Line {
  const sum = (pick: (depth: Depth) => number) => depths.reduce((total, depth) => total + pick(depth), 0);
  const [depth, went] = [sum((each) => each.depth), sum((each) => each.went)];
  const oldest = depths.flatMap((each) => (each.oldest === null ? [] : [each.oldest.getTime()]));
  return {
    depth,
    oldest_since: oldest.length === 0 ? null : new Date(Math.min(...oldest)).toISOString(),
    came_per_minute: sum((each) => each.came) / rateMinutes,
    went_per_minute: went / rateMinutes,
    seconds_to_drain: went === 0 ? null : Math.ceil((depth / went) * rateMinutes * 60),
  };
}

/** The last hour a minute at a time, with how much waited at the end of each: what waits now, less what came since. */
function hourOf(minutes: readonly Minute[], depth: number, now: Date): Queue['minutes'] {
  const byTime = new Map(minutes.map((each) => [each.minute.getTime(), each]));
  const last = Math.floor(now.getTime() / 60_000) * 60_000;
  const hour: Queue['minutes'] = [];
  let left = depth;
  for (let index = 0; index < minutesKept; index += 1) {
    const at = last - index * 60_000;
    const { came, went } = byTime.get(at) ?? { came: 0, went: 0 };
    hour.unshift({ at: new Date(at).toISOString(), came, went, depth: Math.max(0, left) });
    left += went - came;
  }
  return hour;
}

async function namesOf(
  { tx, workspaceId }: Scope,
  depths: readonly Depth[],
): Promise<{ accounts: Map<string, string>; flows: Map<string, { name: string; weight: number }> }> {
  const accounts = await tx
    .selectFrom('accounts')
    .select(['id', 'name'])
    .where('workspace_id', '=', workspaceId)
    .execute();
  const ids = [...new Set(depths.flatMap(({ flowId }) => (flowId === null ? [] : [flowId])))];
  const flows =
    ids.length === 0
      ? []
      : await tx
          .selectFrom('flows')
          .select(['id', 'name', 'queue_weight'])
          .where('workspace_id', '=', workspaceId)
          .where('id', 'in', ids)
          .execute();
  return {
    accounts: new Map(accounts.map(({ id, name }) => [id, name])),
    flows: new Map(flows.map(({ id, name, queue_weight }) => [id, { name, weight: queue_weight }])),
  };
}

/** The queue as the API shows it: from counts and the heads of its lines, however much waits in it. */
export async function readQueue(scope: Scope, now: Date): Promise<Queue> {
  const { tx, workspaceId } = scope;
  const depths = await readDepths(scope, now);
  const minutes = await readMinutes(scope, now);
  const names = await namesOf(scope, depths);
  const outside = await sql<{ dispatching: number; unknown: number }>`
    SELECT count(*) FILTER (WHERE state = ${sql.lit(queueState.dispatching)})::int AS dispatching, count(*) FILTER (WHERE state = ${sql.lit(queueState.unknown)})::int AS unknown
    FROM message_queue WHERE workspace_id = ${workspaceId} AND state <> ${sql.lit(queueState.ready)}`.execute(tx);
  const whole = lineOf(depths);
  const moving = (each: Line) => each.depth > 0 || each.came_per_minute > 0 || each.went_per_minute > 0;
  const groups = <K>(key: (depth: Depth) => K) =>
    [...Map.groupBy(depths, key)]
      .map(([of, members]) => ({ of, line: lineOf(members) }))
      .filter(({ line }) => moving(line));
  return {
    ...whole,
    dispatching: outside.rows[0]?.dispatching ?? 0,
    unknown: outside.rows[0]?.unknown ?? 0,
    lanes: groups(({ lane }) => lane).map(({ of, line }) => ({ ...line, lane: laneNamed(of) })),
    accounts: groups(({ accountId }) => accountId).map(({ of, line }) => ({
      ...line,
      account_id: shown('account', of),
      name: names.accounts.get(of) ?? null,
    })),
    flows: groups(({ flowId }) => flowId)
      .flatMap(({ of, line }) => (of === null ? [] : [{ of, line }]))
      .sort((a, b) => b.line.depth - a.line.depth)
      .map(({ of, line }) => ({
        ...line,
        flow_id: shown('flow', of),
        name: names.flows.get(of)?.name ?? null,
        weight: names.flows.get(of)?.weight ?? 1,
      })),
    minutes: hourOf(minutes, whole.depth, now),
  };
}

/** What a hold or a retry is of, as the API shows it. */
export const showSubject = (
  row: Pick<HoldRow, 'account_id' | 'account_name' | 'sender' | 'flow_id' | 'flow_name' | 'lane'>,
) => ({
  account_id: row.account_id === null ? null : shown('account', row.account_id),
  account_name: row.account_name,
  sender: row.sender,
  flow_id: row.flow_id === null ? null : shown('flow', row.flow_id),
  flow_name: row.flow_name,
  lane: row.lane === null ? null : laneNamed(row.lane),
});

/** A hold as the API shows it. */
export function showHold(row: HoldRow): QueueHold {
  return {
    id: shown('hold', row.id),
    mode: row.mode,
    ...showSubject(row),
    since: row.since.toISOString(),
    drained: row.mode === 'drain' && row.above === '0',
    cancel:
      row.starts_at === null
        ? null
        : {
            waiting: row.waiting,
            code: row.code,
            starts_at: row.starts_at.toISOString(),
            matched: row.matched ?? 0,
            canceled: row.canceled,
            finished_at: row.finished_at?.toISOString() ?? null,
          },
  };
}
