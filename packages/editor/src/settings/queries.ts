import type { Workspace } from '@signalbox/engine/access/contract';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../lib/api.ts';

export const workspaceQuery = queryOptions({
  queryKey: ['workspace'],
  queryFn: ({ signal }) => request<Workspace>('GET', '/workspace', { signal }),
});
