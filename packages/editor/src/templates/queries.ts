import type { TemplateResults, TemplateUse, TemplateVersion } from '@signalbox/engine/templates/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Page, query, request } from '../lib/api.ts';

export const templateVersionsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['templates', 'versions', id],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      request<Page<TemplateVersion>>(
        'GET',
        `/message-templates/${id}/versions${query({ cursor: pageParam, limit: 20 })}`,
        {
          signal,
        },
      ),
    getNextPageParam: (last) => last.next_cursor,
  });

export const templateUsesQuery = (id: string) =>
  queryOptions({
    queryKey: ['templates', 'uses', id],
    queryFn: async ({ signal }) =>
      (await request<Page<TemplateUse>>('GET', `/message-templates/${id}/uses`, { signal })).data,
  });

export const templateResultsQuery = (id: string) =>
  queryOptions({
    queryKey: ['templates', 'results', id],
    queryFn: ({ signal }) => request<TemplateResults>('GET', `/message-templates/${id}/results`, { signal }),
  });
