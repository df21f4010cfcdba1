import { type SpendingLimit, spendingSettings } from '@signalbox/nodes/gate/spending';
import { wallTime } from '@signalbox/nodes/time/zoned-time';
import { sql } from 'kysely';
import { type Home, readHome } from '../access/home.ts';
import type { Scope } from '../db/work.ts';
import { readShown, shown } from '../http/ids.ts';
import type { Spending } from './contract.ts';
import { type Limited, noId, periodOf, readLimits } from './spent.ts';

const dayMs = 86_400_000;

/** The workspace's limits as it set them. */
export async function readSpendingLimits({ tx, workspaceId }: Scope): Promise<readonly SpendingLimit[]> {
  const row = await tx
    .selectFrom('gate_rules')
    .select('settings')
    .where('workspace_id', '=', workspaceId)
    .where('rule', '=', 'spending')
    .executeTakeFirst();
  return spendingSettings.parse(row?.settings ?? {}).limits;
}

/** What limits are of, by what people call it. */
export async function nameLimits(
  { tx, workspaceId }: Scope,
  limits: readonly SpendingLimit[],
): Promise<Array<string | null>> {
  const idsOf = (scope: 'account' | 'flow') =>
    limits.flatMap((limit) => (limit.scope === scope ? [readShown(scope, limit.subject) ?? noId] : []));
  const named = async (table: 'accounts' | 'flows', ids: readonly string[]) =>
    ids.length === 0
      ? []
      : tx
          .selectFrom(table)
          .select(['id', 'name'])
          .where('workspace_id', '=', workspaceId)
          .where('id', 'in', ids)
          .execute();
  const rows = [...(await named('accounts', idsOf('account'))), ...(await named('flows', idsOf('flow')))];
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return limits.map(({ scope, subject }) => {
    if (scope === 'workspace') return null;
    if (scope === 'country') return subject;
    return names.get(readShown(scope, subject) ?? noId) ?? null;
  });
}

type Part = { key: string; messages: string; micro_units: string };

/** What is spent, by day and by where it went, and how the limits stand. */
export async function readSpending(scope: Scope, now: Date): Promise<Spending> {
  const home = await readHome(scope);
  const limits = await readSpendingLimits(scope);
  const [states, names] = [await readLimits(scope, limits, now, home.timeZone), await nameLimits(scope, limits)];
  const days = await readDays(scope, home, now);
  const month = periodOf('month', now, home.timeZone);
  const monthDays = days.filter(({ day }) => day.slice(0, 7) === days.at(-1)?.day.slice(0, 7));
  const spentThisMonth = sumOf(monthDays);
  return {
    currency: home.currency,
    today: days.at(-1)?.micro_units ?? '0',
    month: String(spentThisMonth),
    real: await readReal(scope, month.since),
    forecast: forecastOf(days, spentThisMonth, now, month.until),
    days,
    by_account: await partsOf(scope, 'account_id', month.since, 'accounts'),
    by_flow: await partsOf(scope, 'flow_id', month.since, 'flows'),
    by_country: await partsOf(scope, 'country', month.since, null),
    limits: states.map((state, index) => showLimit(state, limits[index], names[index] ?? null)),
  };
}

function showLimit(state: Limited, limit: SpendingLimit | undefined, name: string | null): Spending['limits'][number] {
  return {
    scope: limit?.scope ?? 'workspace',
    subject: limit?.subject ?? '',
    name,
    period: state.period,
    at_limit: state.at_limit,
    amount: String(state.amount),
    spent: String(state.spent),
    since: state.since.toISOString(),
    until: state.until.toISOString(),
  };
}

type Day = Spending['days'][number];
const sumOf = (days: readonly Day[]): number => days.reduce((sum, day) => sum + Number(day.micro_units), 0);

/** Everything spent since a moment, rolled up or not. */
const spentSince = (workspaceId: string, since: Date) => sql`(
  SELECT hour AS at, account_id, nullif(flow_id, ${noId}::uuid) AS flow_id, nullif(country, '') AS country, messages, micro_units, corrected, priced
  FROM spend_hours WHERE workspace_id = ${workspaceId} AND hour >= ${since}
  UNION ALL
  SELECT at, account_id, flow_id, country, messages, micro_units, corrected, priced FROM spend_deltas WHERE workspace_id = ${workspaceId} AND at >= ${since}
)`;

async function readDays({ tx, workspaceId }: Scope, { timeZone }: Home, now: Date): Promise<Day[]> {
  const since = new Date(now.getTime() - 31 * dayMs);
  const { rows } = await sql<{ day: string; messages: string; micro_units: string }>`
    SELECT (at AT TIME ZONE ${timeZone})::date::text AS day, sum(messages) AS messages, sum(micro_units) AS micro_units
    FROM ${spentSince(workspaceId, since)} AS s GROUP BY 1`.execute(tx);
  const known = new Map(rows.map((row) => [row.day, row]));
  const { year, month, day } = wallTime(now, timeZone);
  return Array.from({ length: 30 }, (_, index) => {
    const name = new Date(Date.UTC(year, month - 1, day - 29 + index)).toISOString().slice(0, 10);
    const row = known.get(name);
    return { day: name, messages: Number(row?.messages ?? 0), micro_units: row?.micro_units ?? '0' };
  });
}

async function readReal({ tx, workspaceId }: Scope, since: Date): Promise<Spending['real']> {
  const { rows } = await sql<{ priced: string | null; corrected: string | null }>`
    SELECT sum(priced) AS priced, sum(corrected) AS corrected FROM ${spentSince(workspaceId, since)} AS s`.execute(tx);
  return { messages: Number(rows[0]?.priced ?? 0), difference: rows[0]?.corrected ?? '0' };
}

/** The month's spend so far, and the average of the last seven whole days for what is left of it. */
function forecastOf(days: readonly Day[], spent: number, now: Date, until: Date): string | null {
  const lately = sumOf(days.slice(-8, -1));
  if (lately === 0 && spent === 0) return null;
  const left = (until.getTime() - now.getTime()) / dayMs;
  return String(Math.round(spent + (lately / 7) * left));
}

async function partsOf(
  { tx, workspaceId }: Scope,
  column: 'account_id' | 'flow_id' | 'country',
  since: Date,
  table: 'accounts' | 'flows' | null,
): Promise<Spending['by_account']> {
  const { rows } = await sql<Part>`
    SELECT ${sql.ref(column)}::text AS key, sum(messages) AS messages, sum(micro_units) AS micro_units
    FROM ${spentSince(workspaceId, since)} AS s WHERE ${sql.ref(column)} IS NOT NULL
    GROUP BY 1 HAVING sum(micro_units) > 0 ORDER BY 3 DESC, 1 LIMIT 10`.execute(tx);
  const named =
    table === null || rows.length === 0
      ? []
      : await tx
          .selectFrom(table)
          .select(['id', 'name'])
          .where('workspace_id', '=', workspaceId)
          .where(
            'id',
            'in',
            rows.map(({ key }) => key),
          )
          .execute();
  const names = new Map(named.map(({ id, name }) => [id, name]));
  return rows.map(({ key, messages, micro_units }) => ({
    id: table === null ? key : shown(table === 'accounts' ? 'account' : 'flow', key),
    name: names.get(key) ?? null,
    messages: Number(messages),
    micro_units,
  }));
}
