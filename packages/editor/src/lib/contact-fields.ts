import type { ContactField } from '@signalbox/engine/contacts/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { type Page, request } from './api.ts';
import { queryClient } from './queries.ts';

/** The fields that the workspace made up, in its order, with those that are retired. */
export const contactFieldsQuery = queryOptions({
  queryKey: ['contact-fields'],
  queryFn: async ({ signal }) => (await request<Page<ContactField>>('GET', '/contact-fields', { signal })).data,
});

const none: readonly ContactField[] = [];

/** The fields that are offered; none until they are read. */
export function useContactFields(): readonly ContactField[] {
  const { data = none } = useQuery(
    { ...contactFieldsQuery, select: (fields) => fields.filter(({ retired }) => !retired) },
    queryClient,
  );
  return data;
}
