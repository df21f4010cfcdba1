import { sql } from 'kysely';
import { type FetchDeps, fetchDue } from './fetch-due.ts';

/** Fetches what came with texts, beside whatever else is done. */
export type MediaFetching = {
  /** Begins with every workspace in which a file is due and nothing is on its way; resolves to how many those are. */
  readonly turn: () => Promise<number>;
  /** Resolves once nothing is on its way. */
  readonly idle: () => Promise<void>;
  /** As `idle`, and nothing begins any more. */
  readonly stop: () => Promise<void>;
};

/** Files that one workspace has under way, and workspaces that have any. */
const [filesAtOnce, workspacesAtOnce] = [4, 8];

/**
 * Each workspace's files are fetched in a line of its own, so that a server that is slow keeps no other workspace waiting, and a turn of
 * the sweep waits for none of them.
 */
export function createMediaFetching(deps: FetchDeps): MediaFetching {
  const underWay = new Map<string, Promise<void>>();
  let stopped = false;

  const fetchAll = async (workspaceId: string): Promise<void> => {
    try {
      while (!stopped && (await fetchDue(deps, workspaceId, filesAtOnce)) > 0);
    } catch (error) {
      deps.log.error({ err: error, workspace: workspaceId }, 'files could not be fetched; it will be tried again');
    } finally {
      underWay.delete(workspaceId);
    }
  };

  const idle = async (): Promise<void> => {
    while (underWay.size > 0) await Promise.all(underWay.values());
  };
  return {
    async turn() {
      const { rows } = await sql<{ workspace_id: string }>`
        SELECT workspace_id FROM media WHERE state = 'waiting' AND next_at <= ${deps.clock.now()}
        GROUP BY workspace_id ORDER BY min(next_at)`.execute(deps.db.router);
      let began = 0;
      for (const { workspace_id: id } of rows) {
        if (stopped || underWay.has(id) || underWay.size >= workspacesAtOnce) continue;
        underWay.set(id, fetchAll(id));
        began += 1;
      }
      return began;
    },
    idle,
    async stop() {
      stopped = true;
      await idle();
    },
  };
}
