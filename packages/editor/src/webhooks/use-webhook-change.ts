import type { Webhook } from '@signalbox/engine/integrations/contract';
import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { ApiError, request } from '../lib/api.ts';
import { queryClient } from '../lib/queries.ts';
import { webhookQuery } from './queries.ts';

type Change = { readonly method: 'POST' | 'PATCH'; readonly path?: string; readonly body: unknown };

function isWebhook(value: unknown): value is Webhook {
  return typeof value === 'object' && value !== null && 'revision' in value && 'types' in value;
}

/** Changes a webhook with the revision that it was read at. One that somebody else made meanwhile is shown, and never written over. */
export function useWebhookChange(webhook: Webhook, said: (next: Webhook) => string) {
  return useMutation({
    mutationFn: ({ method, path = '', body }: Change) =>
      request<Webhook>(method, `/webhooks/${webhook.id}${path}`, { body, revision: webhook.revision }),
    onSuccess: (next) => {
      queryClient.setQueryData(webhookQuery(webhook.id).queryKey, next);
      void queryClient.invalidateQueries({ queryKey: ['webhooks'] });
      void queryClient.invalidateQueries({ queryKey: ['webhook', webhook.id] });
      toast.success(said(next));
    },
    onError: (error) => {
      if (error instanceof ApiError && error.problem.status === 412 && isWebhook(error.problem.current))
        queryClient.setQueryData(webhookQuery(webhook.id).queryKey, error.problem.current);
    },
  });
}
