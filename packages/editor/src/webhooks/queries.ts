import type {
  DeliveryDetail,
  EventTypeDescription,
  Webhook,
  WebhookDelivery,
  WebhookSecret,
} from '@signalbox/engine/integrations/contract';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Page, query, request } from '../lib/api.ts';

/** Every type of event that a webhook can be told of. */
export const eventTypesQuery = queryOptions({
  queryKey: ['event-types'],
  queryFn: async ({ signal }): Promise<readonly EventTypeDescription[]> =>
    (await request<Page<EventTypeDescription>>('GET', '/event-types', { signal })).data,
});

/** A workspace has twenty at most. */
export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: async ({ signal }): Promise<readonly Webhook[]> =>
    (await request<Page<Webhook>>('GET', '/webhooks', { signal })).data,
});

export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: ['webhook', id],
    queryFn: ({ signal }) => request<Webhook>('GET', `/webhooks/${id}`, { signal }),
  });

/** Asked for when somebody wants to see it, and not kept. */
export const secretQuery = (id: string) =>
  queryOptions({
    queryKey: ['webhook', id, 'secret'],
    queryFn: ({ signal }) => request<WebhookSecret>('GET', `/webhooks/${id}/secret`, { signal }),
    gcTime: 0,
  });

export const deliveriesQuery = (id: string, filter: { readonly state: string; readonly type: string }) =>
  infiniteQueryOptions({
    queryKey: ['webhook', id, 'deliveries', filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      request<Page<WebhookDelivery>>(
        'GET',
        `/webhooks/${id}/deliveries${query({ ...filter, cursor: pageParam, limit: 20 })}`,
        { signal },
      ),
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });

export const deliveryQuery = (id: string, deliveryId: string) =>
  queryOptions({
    queryKey: ['webhook', id, 'delivery', deliveryId],
    queryFn: ({ signal }) => request<DeliveryDetail>('GET', `/webhooks/${id}/deliveries/${deliveryId}`, { signal }),
  });
