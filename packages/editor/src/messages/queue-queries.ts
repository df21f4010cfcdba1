import type { Message } from '@signalbox/engine/inbox/contract';
import type {
  ErrorClusterView,
  Queue,
  QueueHold,
  QueueRateList,
  QueueRetry,
  QueueWaits,
  WaitingCodeList,
} from '@signalbox/engine/sending/contract';
import { queryOptions } from '@tanstack/react-query';
import { type Page, query, request } from '../lib/api.ts';
import type { Held } from './hold-names.ts';

export const queueQuery = queryOptions({
  queryKey: ['queue', 'overview'],
  queryFn: ({ signal }) => request<Queue>('GET', '/queue', { signal }),
});

export const holdsQuery = queryOptions({
  queryKey: ['queue', 'holds'],
  queryFn: ({ signal }) => request<Page<QueueHold>>('GET', '/queue/holds', { signal }),
});

export const retriesQuery = queryOptions({
  queryKey: ['queue', 'retries'],
  queryFn: ({ signal }) => request<Page<QueueRetry>>('GET', '/queue/retries', { signal }),
});

export const errorsQuery = queryOptions({
  queryKey: ['queue', 'errors'],
  queryFn: ({ signal }) => request<Page<ErrorClusterView>>('GET', '/queue/errors', { signal }),
});

/** What the messages of something wait for. */
export const codesQuery = (subject: Held['subject'] & { readonly waiting?: string }) =>
  queryOptions({
    queryKey: ['queue', 'codes', subject],
    queryFn: ({ signal }) => request<WaitingCodeList>('GET', `/queue/codes${query(subject)}`, { signal }),
  });

export const ratesQuery = queryOptions({
  queryKey: ['queue', 'rates'],
  queryFn: ({ signal }) => request<QueueRateList>('GET', '/queue/rates', { signal }),
});

/** Messages of which nobody knows whether they were sent. */
export const unknownQuery = queryOptions({
  queryKey: ['messages', 'unknown'],
  queryFn: ({ signal }) => request<Page<Message>>('GET', '/messages?state=unknown&limit=20', { signal }),
});

export const waitsQuery = (messageId: string) =>
  queryOptions({
    queryKey: ['queue', 'waits', messageId],
    queryFn: ({ signal }) => request<QueueWaits>('GET', `/queue/messages/${messageId}`, { signal }),
  });
