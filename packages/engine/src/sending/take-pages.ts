import { type Db, inWorkspace } from '../db/database.ts';
import { writeTopic } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import type { Clock } from '../runtime/clock.ts';

/** How many messages a page came to, and whether it was the last. */
export type Page = { readonly handled: number; readonly done: boolean };

/**
 * Takes page after page of the queue, each in a transaction of its own, until one is the last; whoever watches the queue is told of that.
 *
 * @param after runs after each commit.
 * @returns how many messages that were.
 */
export async function takePages(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  workspaceId: string,
  next: (work: Work) => Promise<Page>,
  after: () => void = () => undefined,
): Promise<number> {
  let handled = 0;
  for (let done = false; !done; ) {
    const page = await inWorkspace(db, workspaceId, async (tx) => {
      const work = { tx, workspaceId, now: clock.now() };
      const result = await next(work);
      if (result.done) await writeTopic(work, { topic: 'queue', ids: [] });
      return result;
    });
    after();
    handled += page.handled;
    done = page.done;
  }
  return handled;
}
