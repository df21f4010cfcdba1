import type { Session } from '@signalbox/engine/access/contract';
import type { Account } from '@signalbox/engine/accounts/contract';
import type { ConsentEvent, Contact } from '@signalbox/engine/contacts/contract';
import type {
  Enrollment,
  EnrollmentDetail,
  Flow,
  FlowCounts,
  FlowSummary,
  FlowVersion,
} from '@signalbox/engine/flows/contract';
import type { Conversation, Message, TimelineItem } from '@signalbox/engine/inbox/contract';
import type { SenderDocument } from '@signalbox/engine/routing/contract';
import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from '@tanstack/react-query';
import { ApiError, type Page, query, request } from './api.ts';
import { counts } from './counts-store.ts';

/** Data stays fresh until the event stream says otherwise: nothing is fetched on a clock. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      refetchOnReconnect: true,
      retry: (count, error) => count < 2 && error instanceof ApiError && error.problem.status >= 500,
    },
  },
});

/** How many entries of a list are read at once. */
export const pageSize = 50;
type ContactPage = Page<Contact> & { readonly total: number };

/** A list that is read page after page, as far as somebody scrolls. */
export function paged<P extends Page<unknown>>(key: readonly unknown[], path: (cursor: string) => string) {
  return infiniteQueryOptions({
    queryKey: key,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => request<P>('GET', path(pageParam), { signal }),
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await request<Session>('GET', '/session', { signal });
    } catch (error) {
      if (error instanceof ApiError && error.problem.status === 401) return null;
      throw error;
    }
  },
});

export const flowsQuery = (search: string, state: string) =>
  paged<Page<FlowSummary>>(
    ['flows', { search, state }],
    (cursor) => `/flows${query({ search, state, cursor, limit: pageSize })}`,
  );

export const archivedFlowsQuery = (search: string) =>
  paged<Page<FlowSummary>>(
    ['flows', { search, archived: true }],
    (cursor) => `/flows${query({ search, archived: 'true', cursor, limit: pageSize })}`,
  );

/** Every flow that is not archived, with what its triggers listen for. */
export const allFlowsQuery = queryOptions({
  queryKey: ['flows', 'all'],
  queryFn: async ({ signal }): Promise<readonly FlowSummary[]> => {
    const flows: FlowSummary[] = [];
    for (let cursor = ''; ; ) {
      const page = await request<Page<FlowSummary>>('GET', `/flows${query({ cursor, limit: 200 })}`, { signal });
      flows.push(...page.data);
      if (page.next_cursor === null) return flows;
      cursor = page.next_cursor;
    }
  },
});

/** Every sender of the workspace, the oldest first. */
export const sendersQuery = queryOptions({
  queryKey: ['senders'],
  queryFn: async ({ signal }): Promise<readonly SenderDocument[]> =>
    (await request<Page<SenderDocument>>('GET', '/senders', { signal })).data,
});

/** Whether any account has a number or short code to send from. */
export const hasSenderQuery = queryOptions({
  queryKey: ['accounts', 'has_sender'],
  queryFn: async ({ signal }): Promise<boolean> => {
    for (let cursor = ''; ; ) {
      const page = await request<Page<Account>>('GET', `/accounts${query({ cursor, limit: pageSize })}`, { signal });
      if (page.data.some((account) => account.senders.length > 0)) return true;
      if (page.next_cursor === null) return false;
      cursor = page.next_cursor;
    }
  },
});

export const flowQuery = (id: string) =>
  queryOptions({ queryKey: ['flow', id], queryFn: ({ signal }) => request<Flow>('GET', `/flows/${id}`, { signal }) });

export const versionsQuery = (id: string) => ({
  ...paged<Page<FlowVersion>>(
    ['flow', id, 'versions'],
    (cursor) => `/flows/${id}/versions${query({ cursor, limit: pageSize })}`,
  ),
  // How many people are inside each moves with every step taken: read anew whenever it is looked at.
  staleTime: 0,
});

/** Reads a flow's counts into the store of live numbers, which is where they are shown from: the stream may have told newer ones. */
export const countsQuery = (id: string) =>
  queryOptions({
    queryKey: ['flow-counts', id],
    queryFn: async ({ signal }) => {
      const take = counts.reading(id);
      const answer = await request<FlowCounts>('GET', `/flows/${id}/counts`, { signal });
      take(answer);
      return answer;
    },
  });

export const stepPeopleQuery = (flowId: string, stepId: string, movedOn: boolean) =>
  paged<Page<Enrollment>>(['flow', flowId, 'people', stepId, movedOn], (cursor) => {
    const moved_on = movedOn ? true : undefined;
    return `/flows/${flowId}/enrollments${query({ step_id: stepId, moved_on, cursor, limit: pageSize })}`;
  });

/** People whom a search finds; those of a list or tag where one is named. */
export const contactsQuery = (search: string, list = '') =>
  paged<ContactPage>(
    ['contacts', { search, list }],
    (cursor) => `/contacts${query({ search, list_id: list === '' ? undefined : list, cursor, limit: pageSize })}`,
  );

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: ['contact', id],
    queryFn: ({ signal }) => request<Contact>('GET', `/contacts/${id}`, { signal }),
  });

export const consentQuery = (id: string) =>
  paged<Page<ConsentEvent>>(
    ['contact', id, 'consent'],
    (cursor) => `/contacts/${id}/consent${query({ cursor, limit: pageSize })}`,
  );

export const contactEnrollmentsQuery = (id: string) =>
  paged<Page<Enrollment>>(
    ['contact', id, 'enrollments'],
    (cursor) => `/contacts/${id}/enrollments${query({ cursor })}`,
  );

export const enrollmentQuery = (contactId: string, id: string) =>
  queryOptions({
    queryKey: ['contact', contactId, 'enrollment', id],
    queryFn: ({ signal }) => request<EnrollmentDetail>('GET', `/enrollments/${id}`, { signal }),
  });

export const messagesQuery = (contactId: string) =>
  paged<Page<Message>>(
    ['contact', contactId, 'messages'],
    (cursor) => `/contacts/${contactId}/messages${query({ cursor, limit: pageSize })}`,
  );

/** Everything that happened with a person, or what is of one kind of it; an empty kind is all of them. */
export const timelineQuery = (contactId: string, kind: string) =>
  paged<Page<TimelineItem>>(
    ['contact', contactId, 'timeline', { kind }],
    (cursor) =>
      `/contacts/${contactId}/timeline${query({ kind: kind === '' ? undefined : kind, cursor, limit: pageSize })}`,
  );

export const messageSearchQuery = (search: string) =>
  paged<Page<Message>>(
    ['conversations', 'messages', { search }],
    (cursor) => `/messages${query({ search, cursor, limit: 20 })}`,
  );

export const conversationsQuery = (search: string, unhandled: boolean) =>
  paged<Page<Conversation>>(
    ['conversations', { search, unhandled }],
    (cursor) =>
      `/conversations${query({ search, unhandled: unhandled ? 'true' : undefined, cursor, limit: pageSize })}`,
  );
