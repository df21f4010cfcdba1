import { queryOptions } from '@tanstack/react-query';
import { type Page, request } from './api.ts';

/** Every goal, by name, as far as choosing one goes. */
export const goalChoicesQuery = queryOptions({
  queryKey: ['goals', 'choices'],
  queryFn: async ({ signal }) =>
    (await request<Page<{ readonly id: string; readonly name: string }>>('GET', '/goals', { signal })).data,
});
