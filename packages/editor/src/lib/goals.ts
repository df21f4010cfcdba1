import type { Goal } from '@signalbox/engine/goals/contract';
import { queryOptions } from '@tanstack/react-query';
import { type Page, request } from './api.ts';

/** Every goal, archived ones last. What people do is counted all the time: they are read again now and then. */
export const goalsQuery = queryOptions({
  queryKey: ['goals'],
  queryFn: async ({ signal }) => (await request<Page<Goal>>('GET', '/goals', { signal })).data,
  refetchInterval: 30_000,
});
