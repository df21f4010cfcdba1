import type { RoutesDocument, SenderDocument } from '@signalbox/engine/routing/contract';
import { queryOptions } from '@tanstack/react-query';
import { type Page, request } from '../lib/api.ts';

/** Every sender of the workspace, the oldest first. */
export const sendersQuery = queryOptions({
  queryKey: ['senders'],
  queryFn: async ({ signal }): Promise<readonly SenderDocument[]> =>
    (await request<Page<SenderDocument>>('GET', '/senders', { signal })).data,
});

/** The routes, in the order in which they are tried. */
export const routesQuery = queryOptions({
  queryKey: ['routes'],
  queryFn: ({ signal }) => request<RoutesDocument>('GET', '/routes', { signal }),
});
