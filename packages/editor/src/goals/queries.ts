import type { Conversion, Goal, GoalDays } from '@signalbox/engine/goals/contract';
import type { FlowReturn } from '@signalbox/engine/insights/contract';
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

/** How a conversion is divided among the messages that led to it. */
export const models = ['last_touch', 'linear', 'time_decay', 'position'] as const satisfies ReadonlyArray<
  FlowReturn['model']
>;
export type AttributionModel = (typeof models)[number];

export type ReturnSearch = {
  readonly model: AttributionModel;
  /** Null for all that are not archived. */
  readonly goal_id: string | null;
  /** Null for what each goal says. */
  readonly windows: { readonly window_days: string; readonly delivery_days: string } | null;
};

/** What a flow brought in; what was shown stays until the answer is there. */
export const flowReturnQuery = (flowId: string, { model, goal_id, windows }: ReturnSearch) =>
  queryOptions({
    queryKey: ['flow_return', flowId, model, goal_id, windows],
    queryFn: ({ signal }) =>
      request<FlowReturn>(
        'GET',
        `/flows/${flowId}/return${query({ model, goal_id: goal_id ?? undefined, ...windows })}`,
        { signal },
      ),
    placeholderData: keepPreviousData,
  });
