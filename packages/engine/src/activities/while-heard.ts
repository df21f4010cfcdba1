import { Context } from '@temporalio/activity';

const beatEveryMs = 2_000;

/**
 * Does the work of a step call. Meanwhile the server hears that it goes on, and notices by the silence that this process has ended, long
 * before the call's own time is over. Of a local call the workflow's process itself takes care.
 *
 * @throws what the work throws.
 */
export async function whileHeard<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  if (context.info.isLocal) return work();
  const beat = setInterval(() => context.heartbeat(), beatEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
