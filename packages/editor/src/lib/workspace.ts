import type { UpdateWorkspace, Workspace } from '@signalbox/engine/access/contract';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { ApiError, request } from './api.ts';
import { queryClient } from './queries.ts';
import { t } from './translate.ts';

export const workspaceQuery = queryOptions({
  queryKey: ['workspace'],
  queryFn: ({ signal }) => request<Workspace>('GET', '/workspace', { signal }),
});

function isWorkspace(value: unknown): value is Workspace {
  return typeof value === 'object' && value !== null && 'revision' in value && 'time_zone' in value;
}

/**
 * Changes the workspace's settings with the revision that they were read at. A change made elsewhere meanwhile is read and never written
 * over: who made this one sees both, and does it again.
 */
export function useWorkspaceChange({ revision }: Workspace, onSaved: (next: Workspace) => void) {
  return useMutation({
    mutationFn: (body: UpdateWorkspace) => request<Workspace>('PATCH', '/workspace', { body, revision }),
    onSuccess: (next) => {
      queryClient.setQueryData(workspaceQuery.queryKey, next);
      void queryClient.invalidateQueries({ queryKey: ['session'] });
      onSaved(next);
      toast.success(t('settings.saved'));
    },
    onError: (error) => {
      if (error instanceof ApiError && error.problem.status === 412 && isWorkspace(error.problem.current))
        queryClient.setQueryData(workspaceQuery.queryKey, error.problem.current);
    },
  });
}
