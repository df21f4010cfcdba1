import type { Segment, SegmentMember, SegmentPreview } from '@signalbox/engine/segments/contract';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Page, query, request } from '../lib/api.ts';

/** One segment. */
export const segmentQuery = (id: string) =>
  queryOptions({
    queryKey: ['segment', id],
    queryFn: ({ signal }) => request<Segment>('GET', `/segments/${id}`, { signal }),
  });

/** The people of a segment, the latest added first. */
export const segmentMembersQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['segment', id, 'members'],
    initialPageParam: '',
    queryFn: ({ pageParam: cursor, signal }) =>
      request<Page<SegmentMember>>('GET', `/segments/${id}/members${query({ cursor, limit: 20 })}`, { signal }),
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });

/** Who meets a condition now; what was shown stays until the answer is there. */
export const segmentPreviewQuery = (condition: unknown, segmentId: string | null) =>
  queryOptions({
    queryKey: ['segments', 'preview', condition, segmentId],
    queryFn: ({ signal }) =>
      request<SegmentPreview>('POST', '/segments/preview', {
        body: { condition, ...(segmentId === null ? {} : { segment_id: segmentId }) },
        signal,
      }),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
    staleTime: 10_000,
  });
