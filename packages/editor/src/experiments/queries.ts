import type { Test, TestLook } from '@signalbox/engine/experiments/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Page, query, request } from '../lib/api.ts';

export type TestsSearch = { readonly state?: string | undefined };

/** Tests, the latest begun first. */
export const testsQuery = ({ state }: TestsSearch) =>
  infiniteQueryOptions({
    queryKey: ['tests', state ?? ''],
    initialPageParam: '',
    queryFn: ({ pageParam: cursor, signal }) =>
      request<Page<Test>>('GET', `/tests${query({ cursor, limit: 50, state })}`, { signal }),
    getNextPageParam: (last) => last.next_cursor,
  });

/** One test with its last look. */
export const testQuery = (id: string) =>
  queryOptions({
    queryKey: ['test', id],
    queryFn: ({ signal }) => request<Test>('GET', `/tests/${id}`, { signal }),
  });

/** The looks at a test, oldest first. */
export const looksQuery = (id: string) =>
  queryOptions({
    queryKey: ['test', id, 'looks'],
    queryFn: async ({ signal }) => (await request<Page<TestLook>>('GET', `/tests/${id}/looks`, { signal })).data,
  });
