import type { ProviderDescription } from '@signalbox/engine/accounts/contract';
import { queryOptions } from '@tanstack/react-query';
import { type Page, request } from '../lib/api.ts';

/** Every provider that an account can be at, by its title. */
export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: async ({ signal }): Promise<readonly ProviderDescription[]> => {
    const { data } = await request<Page<ProviderDescription>>('GET', '/providers', { signal });
    return [...data].sort((a, b) => a.title.localeCompare(b.title));
  },
});
