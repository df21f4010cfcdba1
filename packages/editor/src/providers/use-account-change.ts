import type { Account } from '@signalbox/engine/accounts/contract';
import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { ApiError, request } from '../lib/api.ts';
import { queryClient } from '../lib/queries.ts';
import { accountQuery } from './queries.ts';

type Change = {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  /** Below the account's own address. */
  readonly path?: string;
  readonly body?: unknown;
};

function isAccount(value: unknown): value is Account {
  return typeof value === 'object' && value !== null && 'revision' in value && 'senders' in value;
}

/**
 * Changes an account with the revision that it was read at, and shows it as it is then. A change made elsewhere meanwhile is read and
 * never written over: who made this one sees both, and does it again.
 */
export function useAccountChange(account: Account, said: (change: Change, next: Account) => string) {
  return useMutation({
    mutationFn: ({ method, path = '', body }: Change) =>
      request<Account>(method, `/accounts/${account.id}${path}`, {
        ...(body === undefined ? {} : { body }),
        revision: account.revision,
      }),
    onSuccess: (next, change) => {
      queryClient.setQueryData(accountQuery(account.id).queryKey, next);
      void queryClient.invalidateQueries({ queryKey: ['accounts'] });
      toast.success(said(change, next));
    },
    onError: (error) => {
      if (error instanceof ApiError && error.problem.status === 412 && isAccount(error.problem.current))
        queryClient.setQueryData(accountQuery(account.id).queryKey, error.problem.current);
    },
  });
}
