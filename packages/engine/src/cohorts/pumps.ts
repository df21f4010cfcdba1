import { sql } from 'kysely';
import { commitPage, type PageDeps, takeInPages } from './arrival-pages.ts';
import type { ArrivalDeps } from './arrivals.ts';
import { moveSettled } from './move-settled.ts';
import { runSize } from './run-ref.ts';

export type PumpDeps = ArrivalDeps & PageDeps;

/** The longest a settlement waits for company under load (protocol 15). */
const longestWindowMs = 2_000;
/** Below this many settlements a second nothing waits. */
const quietBatch = 20;

export type SettlementPump = {
  /** Hears that `count` messages of a workspace settled; one where it is left out. */
  readonly nudge: (workspaceId: string, count?: number) => void;
  readonly busy: () => boolean;
  /** Moves everything that stands settled, in every workspace: after a start, and in tests that drive time. @returns how many. */
  readonly drain: () => Promise<number>;
};

/** Moves settled people, workspace by workspace: at once when quiet, by the run's worth under load. */
export function createSettlementPump(deps: PumpDeps): SettlementPump {
  const running = new Map<string, { again: boolean; pending: number; lastBatch: number; wake: () => void }>();

  const run = async (workspaceId: string): Promise<void> => {
    const state = running.get(workspaceId);
    if (state === undefined) return;
    try {
      do {
        state.again = false;
        const window = state.lastBatch < quietBatch ? 0 : Math.min(longestWindowMs, state.lastBatch * 3);
        if (window > 0 && state.pending < runSize) {
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, window);
            state.wake = () => {
              if (state.pending >= runSize) {
                clearTimeout(timer);
                resolve();
              }
            };
          });
          state.wake = () => undefined;
        }
        state.pending = 0;
        let taken: number;
        let batch = 0;
        do {
          taken = await moveOnce(workspaceId);
          batch += taken;
        } while (taken === runSize);
        state.lastBatch = batch;
      } while (state.again);
    } catch (error) {
      deps.log.error({ err: error }, 'settled people could not be moved; they will be tried again');
    } finally {
      running.delete(workspaceId);
    }
  };

  const moveOnce = (workspaceId: string): Promise<number> =>
    commitPage(deps, 'move_settled', workspaceId, (work) => moveSettled(deps, work));

  return {
    nudge(workspaceId, count = 1) {
      const state = running.get(workspaceId);
      if (state !== undefined) {
        state.again = true;
        state.pending += count;
        state.wake();
        return;
      }
      running.set(workspaceId, { again: false, pending: count, lastBatch: count, wake: () => undefined });
      void run(workspaceId);
    },
    busy: () => running.size > 0,
    async drain() {
      const rows = await sql<{ workspace_id: string }>`SELECT DISTINCT workspace_id FROM settlements`.execute(
        deps.db.router,
      );
      const workspaces = rows.rows.map((row) => row.workspace_id);
      return takeInPages(deps.log, { sweep: 'settled', size: runSize }, workspaces, moveOnce);
    },
  };
}
