import { readHome } from '../access/home.ts';
import type { Work } from '../db/work.ts';
import { spendingLimit } from '../notices/spending-limit.ts';
import { raiseNotices, resolveNotices } from '../notices/store.ts';
import type { Ids } from '../runtime/ids.ts';
import { nameLimits, readSpendingLimits } from './spending-view.ts';
import { readLimits } from './spent.ts';

/** Shares of a limit at which somebody is told, in percent. */
const marks = [50, 80, 100] as const;

/** Tells of limits of which much is spent, at each mark once a period, and ends what was told of periods that are over. */
export async function watchLimits(deps: { readonly ids: Ids }, work: Work): Promise<void> {
  const limits = await readSpendingLimits(work);
  if (limits.length === 0) return;
  const { timeZone, currency } = await readHome(work);
  const states = await readLimits(work, limits, work.now, timeZone);
  const names = await nameLimits(work, limits);
  const subjects = states.map(({ since, period, amount }, index) => {
    const { scope, subject } = limits[index] ?? { scope: '', subject: '' };
    return (mark: number) => `${scope} ${subject} ${period} ${amount} ${since.toISOString()} ${mark}`;
  });
  const reached = states.flatMap(({ spent, amount, period }, index) =>
    marks
      .filter((mark) => amount > 0 && spent * 100 >= amount * mark)
      .map((percent) => ({
        subject: subjects[index]?.(percent) ?? '',
        values: { percent, of: names[index] ?? 'the workspace', period, amount: String(amount), currency },
      })),
  );
  await raiseNotices(deps, work, spendingLimit, reached);
  const open = await work.tx
    .selectFrom('notices')
    .select('subject')
    .where('workspace_id', '=', work.workspaceId)
    .where('kind', '=', spendingLimit.kind)
    .where('resolved_at', 'is', null)
    .execute();
  const current = new Set(reached.map(({ subject }) => subject));
  await resolveNotices(
    work,
    spendingLimit,
    open.map(({ subject }) => subject).filter((subject) => !current.has(subject)),
  );
}
