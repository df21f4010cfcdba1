import type { ContactDeletion, DeletedContact, RestoredContacts } from '@signalbox/engine/erasure/contract';
import { toast } from 'sonner';
import { type Page, problemFrom, problemLine, query, request } from './api.ts';
import { paged, pageSize, queryClient } from './queries.ts';
import { randomId } from './random-id.ts';
import { t } from './translate.ts';

type DeletedPage = Page<DeletedContact> & { readonly total: number };

/** Who was deleted and is not erased yet, the latest first. */
export const deletedContactsQuery = (search: string) =>
  paged<DeletedPage>(
    ['deleted-contacts', { search }],
    (cursor) => `/deleted-contacts${query({ search, cursor, limit: pageSize })}`,
  );

/** Some people, or everybody whom the list of people shows. */
export type DeletedWhom =
  | { readonly contact_ids: readonly string[] }
  | { readonly filter: { readonly search?: string; readonly list_id?: string } };

/** Some of the deleted, or all who went together. */
export type DeletedPart = { readonly contact_ids: readonly string[] } | { readonly deletion_id: string };

const readPeopleAgain = (): void => {
  for (const key of ['contacts', 'contact-lists', 'deleted-contacts', 'conversations'])
    void queryClient.invalidateQueries({ queryKey: [key] });
};

/**
 * Deletes people, in as many requests as it takes.
 *
 * @param expected how many somebody saw: of others nobody is deleted.
 * @throws ApiError where one is refused; who was deleted until then stays deleted.
 */
export async function deletePeople(whom: DeletedWhom, expected: number): Promise<ContactDeletion> {
  try {
    let done = await request<ContactDeletion>('POST', '/contacts/delete', { body: { ...whom, expected } });
    let deleted = done.deleted;
    while (done.left > 0 && done.deleted > 0) {
      done = await request<ContactDeletion>('POST', '/contacts/delete', {
        body: { ...whom, deletion_id: done.deletion_id },
      });
      deleted += done.deleted;
    }
    return { ...done, deleted };
  } finally {
    readPeopleAgain();
  }
}

/** Takes deleted people back, in as many requests as it takes, and says what came of it. */
export async function restorePeople(part: DeletedPart): Promise<void> {
  try {
    let restored = 0;
    let done: RestoredContacts;
    do {
      done = await request<RestoredContacts>('POST', '/deleted-contacts/restore', {
        body: part,
        idempotencyKey: randomId(),
      });
      restored += done.restored;
    } while (done.left > 0 && done.restored > 0);
    if (restored > 0) toast.success(t('deleted.restored', { n: restored }));
    if (done.taken > 0) toast.error(t('deleted.not_restored', { n: done.taken }));
  } catch (error) {
    toast.error(problemLine(problemFrom(error)));
  }
  readPeopleAgain();
}
