import type { Query, QueryClient, QueryFilters } from '@tanstack/react-query';

/** Queries that are read once more when what they are reading now is there. */
const onceMore = new WeakSet<Query>();

/**
 * Has what matches read again after a change. What is being read right now may be from before the change: it is let finish, so that
 * changes one after another keep nobody from ever getting an answer, and then read once more. (Invalidating alone would join a first
 * reading and take its answer for a fresh one.)
 */
export function readAgain(client: QueryClient, filters: QueryFilters): void {
  for (const query of client.getQueryCache().findAll(filters)) {
    const again = (): void => {
      onceMore.delete(query);
      void client.invalidateQueries({ queryKey: query.queryKey, exact: true });
    };
    if (query.state.fetchStatus === 'idle' || query.promise === undefined) again();
    else if (!onceMore.has(query)) {
      onceMore.add(query);
      query.promise.then(again, again);
    }
  }
}
