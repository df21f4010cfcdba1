import type { Conversion, Goal, GoalDays } from '@signalbox/engine/goals/contract';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Page, query, request } from '../lib/api.ts';

const refetchInterval = 30_000;

/** One goal. */
export const goalQuery = (id: string) =>
  queryOptions({
    queryKey: ['goal', id],
    queryFn: ({ signal }) => request<Goal>('GET', `/goals/${id}`, { signal }),
    refetchInterval,
  });

/** How often it was reached on each of the last days. */
export const goalDaysQuery = (id: string) =>
  queryOptions({
    queryKey: ['goal', id, 'days'],
    queryFn: async ({ signal }) => (await request<GoalDays>('GET', `/goals/${id}/days`, { signal })).data,
    refetchInterval,
  });

/** Who reached it, the latest first. */
export const conversionsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['goal', id, 'conversions'],
    initialPageParam: '',
    queryFn: ({ pageParam: cursor, signal }) =>
      request<Page<Conversion>>('GET', `/goals/${id}/conversions${query({ cursor, limit: 20 })}`, { signal }),
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });
