import type { ChangedMembers, ContactListEntry } from '@signalbox/engine/contacts/contract';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { type Page, problemFrom, problemLine, request } from './api.ts';
import { queryClient } from './queries.ts';
import { t } from './translate.ts';

/** Every list and tag, by name. */
export const contactListsQuery = queryOptions({
  queryKey: ['contact-lists'],
  queryFn: async ({ signal }) => (await request<Page<ContactListEntry>>('GET', '/contact-lists', { signal })).data,
});

/** The lists that somebody is on, and their tags. */
export const listsOfContactQuery = (contactId: string) =>
  queryOptions({
    queryKey: ['contact-lists', contactId],
    queryFn: async ({ signal }) =>
      (await request<Page<ContactListEntry>>('GET', `/contacts/${contactId}/lists`, { signal })).data,
  });

/** Whom a change of a list is about. */
type Whom =
  | { readonly contact_ids: readonly string[] }
  | { readonly filter: { readonly search?: string; readonly list_id?: string } };

/** Puts people on a list or takes them off. */
export function useMembersChange() {
  return useMutation({
    mutationFn: ({ list, ...body }: { readonly list: ContactListEntry; readonly action: 'add' | 'remove' } & Whom) =>
      request<ChangedMembers>('POST', `/contact-lists/${list.id}/members`, { body }),
    onSuccess: ({ changed, list }, { action }) => {
      void queryClient.invalidateQueries({ queryKey: contactListsQuery.queryKey });
      void queryClient.invalidateQueries({ queryKey: ['contacts'] });
      toast.success(t(action === 'add' ? 'lists.added' : 'lists.removed', { n: changed, name: list.name }));
    },
    onError: (error) => toast.error(problemLine(problemFrom(error))),
  });
}
