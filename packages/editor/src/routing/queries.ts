import type { RoutesDocument } from '@signalbox/engine/routing/contract';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../lib/api.ts';

/** The routes, in the order in which they are tried. */
export const routesQuery = queryOptions({
  queryKey: ['routes'],
  queryFn: ({ signal }) => request<RoutesDocument>('GET', '/routes', { signal }),
});
