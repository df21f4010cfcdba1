import type { z } from '@hono/zod-openapi';
import type { Scope } from '../db/work.ts';
import { readShown } from '../http/ids.ts';
import { fieldProblem } from '../http/problems.ts';
import { fieldTexts } from '../http/texts.ts';
import type { someContactsSchema } from './contract.ts';
import { type Members, readList, unknownContacts } from './lists.ts';

/** Whom a request about many people means. @throws ProblemError `validation_failed` where it names nobody, or who is not there. */
export async function readMembers(scope: Scope, named: z.output<typeof someContactsSchema>): Promise<Members> {
  const { contact_ids: given, filter } = named;
  if ((given === undefined) === (filter === undefined))
    throw fieldProblem(['contact_ids'], 'members_unnamed', fieldTexts.members_unnamed);
  if (given !== undefined) {
    const ids = given.map((id) => readShown('contact', id));
    const unknown = await unknownContacts(
      scope,
      ids.filter((id) => id !== null),
    );
    const at = ids.findIndex((id) => id === null || unknown.has(id));
    if (at !== -1) throw fieldProblem(['contact_ids', at], 'contact_unknown', fieldTexts.contact_unknown);
    return { contactIds: ids.filter((id) => id !== null) };
  }
  const { search, external_id: externalId, list_id: ofList } = filter ?? {};
  const listId = ofList === undefined ? undefined : readShown('list', ofList);
  if (listId === null || (listId !== undefined && (await readList(scope, listId)) === null))
    throw fieldProblem(['filter', 'list_id'], 'list_unknown', fieldTexts.list_unknown);
  return { filter: { search, externalId, listId, since: null } };
}
