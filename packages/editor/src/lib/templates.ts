import type { Template, TemplateEntry } from '@signalbox/engine/templates/contract';
import { infiniteQueryOptions, queryOptions, useQuery } from '@tanstack/react-query';
import { type Page, query, request } from './api.ts';
import { queryClient } from './queries.ts';

export type TemplatesSearch = {
  readonly kind?: string | undefined;
  readonly search?: string | undefined;
  readonly archived?: boolean | undefined;
};

/** Templates and snippets, the last changed first, a page at a time. */
export const templatesQuery = (search: TemplatesSearch) =>
  infiniteQueryOptions({
    queryKey: ['templates', 'list', search],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      request<Page<TemplateEntry>>('GET', `/message-templates${query({ ...search, cursor: pageParam })}`, { signal }),
    getNextPageParam: (last) => last.next_cursor,
  });

/** Those of a kind that may be chosen. */
const choicesQuery = (kind: 'template' | 'snippet') =>
  queryOptions({
    queryKey: ['templates', 'choices', kind],
    queryFn: async ({ signal }) =>
      (await request<Page<TemplateEntry>>('GET', `/message-templates${query({ kind, limit: 200 })}`, { signal })).data,
  });

export const templateQuery = (id: string) =>
  queryOptions({
    queryKey: ['templates', 'one', id],
    queryFn: ({ signal }) => request<Template>('GET', `/message-templates/${id}`, { signal }),
  });

const none: readonly TemplateEntry[] = [];

/** The templates that a step may send; none until they are read. */
export function useTemplates(): readonly TemplateEntry[] {
  return useQuery(choicesQuery('template'), queryClient).data ?? none;
}

/** The snippets that a text may name; none until they are read. */
export function useSnippets(): readonly TemplateEntry[] {
  return useQuery(choicesQuery('snippet'), queryClient).data ?? none;
}
