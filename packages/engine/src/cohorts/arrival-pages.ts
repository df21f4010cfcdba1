import type { Logger } from 'pino';
import { type Db, inWorkspace } from '../db/database.ts';
import type { Work } from '../db/work.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FailPoints } from '../runtime/fail-points.ts';
import { inEach } from '../runtime/in-each.ts';
import type { Arrived } from './arrivals.ts';

/** Who moved on in one transaction, and how many rows of work that took. */
export type ArrivedPage = Arrived & { readonly taken: number };

export type PageDeps = {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly failPoints: FailPoints;
  readonly onArrived: (workspaceId: string, arrived: Arrived) => void;
};

/** Moves a page of people on in a transaction of its own, and tells of them after its commit. @returns how many rows of work it took. */
export async function commitPage(
  deps: Omit<PageDeps, 'log'>,
  point: 'move_settled' | 'move_tested' | 'due' | 'route_returned' | 'join_parts',
  workspaceId: string,
  move: (work: Work) => Promise<ArrivedPage>,
): Promise<number> {
  const moved = await inWorkspace(deps.db, workspaceId, async (tx) => {
    const result = await move({ tx, workspaceId, now: deps.clock.now() });
    await deps.failPoints.reach(`${point}.before_commit`);
    return result;
  });
  await deps.failPoints.reach(`${point}.after_commit`);
  deps.onArrived(workspaceId, moved);
  return moved.taken;
}

/** Page after page in each workspace, until one is not full. @returns how many rows of work were taken, before a page that fails too. */
export async function takeInPages(
  log: Logger,
  { sweep, size }: { readonly sweep: string; readonly size: number },
  workspaces: readonly string[],
  page: (workspaceId: string) => Promise<number>,
): Promise<number> {
  let total = 0;
  await inEach(log, sweep, workspaces, async (workspaceId) => {
    for (let taken = size; taken === size; ) {
      taken = await page(workspaceId);
      total += taken;
    }
  });
  return total;
}
