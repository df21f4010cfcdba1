import type { Message, MessageDetail } from '@signalbox/engine/inbox/contract';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Page, query, request } from '../lib/api.ts';

/** What narrows messages down, as it stands in the address. */
export type MessagesSearch = {
  readonly search?: string | undefined;
  readonly state?: string | undefined;
  readonly direction?: string | undefined;
};

/** Whether somebody looks for a number: digits as people write them, three at least. */
export function isNumberSearch(text: string): boolean {
  return /^[\d\s()+./-]+$/.test(text) && text.replace(/\D/g, '').length >= 3;
}

export const allMessagesQuery = ({ search = '', state, direction }: MessagesSearch) =>
  infiniteQueryOptions({
    queryKey: ['messages', { search, state, direction }],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const words = isNumberSearch(search) ? { number: search } : { search };
      return request<Page<Message>>(
        'GET',
        `/messages${query({ ...words, state, direction, cursor: pageParam, limit: 50 })}`,
        {
          signal,
        },
      );
    },
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });

export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: ['message', id],
    queryFn: ({ signal }) => request<MessageDetail>('GET', `/messages/${id}`, { signal }),
  });
