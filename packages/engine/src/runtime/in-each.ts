import type { Logger } from 'pino';

/** A sweep's work for one item after another. What fails for one, a workspace or a run, is logged and keeps nobody else waiting. */
export async function inEach<Item>(
  log: Logger,
  sweep: string,
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      log.error({ err: error, sweep, item }, 'a part of a sweep failed and will be tried again');
    }
  }
}
