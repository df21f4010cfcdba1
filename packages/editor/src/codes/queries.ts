import type { AddedCodes, CodePool, GivenCode } from '@signalbox/engine/codes/contract';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Page, query, request } from '../lib/api.ts';
import { codePoolsQuery } from '../lib/codes.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';

/** One pool, with what is left in it. */
export const codePoolQuery = (id: string) =>
  queryOptions({
    queryKey: ['code_pool', id],
    queryFn: ({ signal }) => request<CodePool>('GET', `/code-pools/${id}`, { signal }),
    refetchInterval: 30_000,
  });

/** Who was given which code, the last first. */
export const givenQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['code_pool', id, 'given'],
    initialPageParam: '',
    queryFn: ({ pageParam: cursor, signal }) =>
      request<Page<GivenCode>>('GET', `/code-pools/${id}/given${query({ cursor, limit: 20 })}`, { signal }),
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });

/** What the server said of a pool is shown at once, everywhere. */
export function rememberPool(pool: CodePool): void {
  queryClient.setQueryData(codePoolQuery(pool.id).queryKey, pool);
  void queryClient.invalidateQueries({ queryKey: codePoolsQuery.queryKey });
}

/** Codes that go into a pool with one request. */
const atOnce = 10_000;

/** Puts codes into a pool, or has some made; more than the server takes at once go one after another. */
export async function addToPool(
  id: string,
  given: { readonly codes: readonly string[] } | { readonly pattern: string; readonly count: number },
): Promise<{ readonly added: number; readonly known: number }> {
  const all = 'codes' in given ? given.codes.length : given.count;
  const sum = { added: 0, known: 0 };
  for (let from = 0; from < Math.max(1, all); from += atOnce) {
    const body =
      'codes' in given
        ? { codes: given.codes.slice(from, from + atOnce) }
        : { pattern: given.pattern, count: Math.min(atOnce, all - from) };
    const done = await request<AddedCodes>('POST', `/code-pools/${id}/codes`, { body, idempotencyKey: randomId() });
    sum.added += done.added;
    sum.known += done.known;
    rememberPool(done.pool);
  }
  return sum;
}
