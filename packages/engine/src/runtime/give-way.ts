import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Lets everything else of the process have its turn, now and then: long work on the event loop awaits the returned function often, and
 * never holds a reply up for longer than `ms` (protocol 9).
 */
export function createGiveWay(monotonic: () => number, ms = 10): () => Promise<void> | undefined {
  let since = monotonic();
  return () => {
    if (monotonic() - since < ms) return undefined;
    return nextTurn().then(() => {
      since = monotonic();
    });
  };
}
