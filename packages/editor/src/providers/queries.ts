import type { Account, ProviderDescription } from '@signalbox/engine/accounts/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Page, query, request } from '../lib/api.ts';

/** Every provider that an account can be at, by its title. */
export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: async ({ signal }): Promise<readonly ProviderDescription[]> => {
    const { data } = await request<Page<ProviderDescription>>('GET', '/providers', { signal });
    return [...data].sort((a, b) => a.title.localeCompare(b.title));
  },
});

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
