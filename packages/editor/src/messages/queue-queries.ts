import type { Message } from '@signalbox/engine/inbox/contract';
import type { ErrorClusterView, Queue, QueueHold, QueueWaits } from '@signalbox/engine/sending/contract';
import { queryOptions } from '@tanstack/react-query';
import { type Page, request } from '../lib/api.ts';

export const queueQuery = queryOptions({
  queryKey: ['queue', 'overview'],
  queryFn: ({ signal }) => request<Queue>('GET', '/queue', { signal }),
});

export const holdsQuery = queryOptions({
  queryKey: ['queue', 'holds'],
  queryFn: ({ signal }) => request<Page<QueueHold>>('GET', '/queue/holds', { signal }),
});

export const errorsQuery = queryOptions({
  queryKey: ['queue', 'errors'],
  queryFn: ({ signal }) => request<Page<ErrorClusterView>>('GET', '/queue/errors', { signal }),
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
