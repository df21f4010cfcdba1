import type { CodePool } from '@signalbox/engine/codes/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { type Page, request } from './api.ts';
import { queryClient } from './queries.ts';

/** Every pool of codes, archived ones last. */
export const codePoolsQuery = queryOptions({
  queryKey: ['codes'],
  queryFn: async ({ signal }) => (await request<Page<CodePool>>('GET', '/code-pools', { signal })).data,
});

const none: readonly CodePool[] = [];

/** The pools that texts may name. */
export function useCodePools(): readonly CodePool[] {
  const { data } = useQuery(
    { ...codePoolsQuery, select: (all) => all.filter(({ archived }) => !archived) },
    queryClient,
  );
  return data ?? none;
}
