import type { Account } from '@signalbox/engine/accounts/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Page, query, request } from '../lib/api.ts';

export const accountsQuery = infiniteQueryOptions({
  queryKey: ['accounts', 'list'],
  initialPageParam: '',
  queryFn: ({ pageParam, signal }) =>
    request<Page<Account>>('GET', `/accounts${query({ cursor: pageParam, limit: 50 })}`, { signal }),
  getNextPageParam: (last) => last.next_cursor,
});

export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: ['account', id],
    queryFn: ({ signal }) => request<Account>('GET', `/accounts/${id}`, { signal }),
  });
