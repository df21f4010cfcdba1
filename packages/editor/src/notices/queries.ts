import type { NoticeList } from '@signalbox/engine/notices/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { query, request } from '../lib/api.ts';

/** The newest notices, for the bell, and how many of all nobody has read. */
export const newestNoticesQuery = queryOptions({
  queryKey: ['notices', 'newest'],
  queryFn: ({ signal }) => request<NoticeList>('GET', '/notices?limit=6', { signal }),
});

/** Notices of what goes on, or of what is over, the newest first. */
export const noticesQuery = (state: 'open' | 'past') =>
  infiniteQueryOptions({
    queryKey: ['notices', state],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      request<NoticeList>('GET', `/notices${query({ state, cursor: pageParam, limit: 20 })}`, { signal }),
    getNextPageParam: (last) => last.next_cursor,
  });
