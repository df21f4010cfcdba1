import type { Reach, Segment } from '@signalbox/engine/segments/contract';
import { queryOptions } from '@tanstack/react-query';
import { type Page, request } from './api.ts';

/** Every segment, by name. */
export const segmentsQuery = queryOptions({
  queryKey: ['segments'],
  queryFn: async ({ signal }) => (await request<Page<Segment>>('GET', '/segments', { signal })).data,
});

/** Who of a segment can be written to. */
export const reachQuery = (segmentId: string) =>
  queryOptions({
    queryKey: ['segments', segmentId, 'reach'],
    queryFn: ({ signal }) => request<Reach>('GET', `/segments/${segmentId}/reach`, { signal }),
  });
