import type { Programme } from '@signalbox/engine/programmes/contract';
import type { Suppression } from '@signalbox/engine/suppression/contract';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { type Page, query, request } from '../lib/api.ts';

/** What people sign up for, the newest first. */
export const programmesQuery = infiniteQueryOptions({
  queryKey: ['programmes'],
  initialPageParam: '',
  queryFn: ({ pageParam, signal }) =>
    request<Page<Programme>>('GET', `/consent/programmes${query({ cursor: pageParam, limit: 20 })}`, { signal }),
  getNextPageParam: (last) => last.next_cursor,
});

/** Numbers that may not be texted, the latest first; `reason` empty for all. */
export const suppressionsQuery = (search: string, reason: string) =>
  infiniteQueryOptions({
    queryKey: ['suppressions', { search, reason }],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      request<Page<Suppression>>(
        'GET',
        `/suppressions${query({ search, reason: reason === '' ? undefined : reason, cursor: pageParam, limit: 50 })}`,
        { signal },
      ),
    getNextPageParam: (last) => last.next_cursor,
  });
