import { sql } from 'kysely';
import { type ConsentProof, consentStates } from '../consent/store.ts';
import { contactsOfPhones } from '../contacts/found-contacts.ts';
import { addMembers } from '../contacts/lists.ts';
import type { NumberDeps } from '../contacts/numbers.ts';
import { lockContacts } from '../contacts/one-person.ts';
import { readContact, updateContact } from '../contacts/store.ts';
import { writeFeed, writeTopic } from '../db/feed.ts';
import type { Scope, Work } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import { askToConfirm, recordSaid } from '../programmes/record.ts';
import { wordingOf } from './agreement.ts';
import { type FormRow, insertSignUp } from './store.ts';

/** Somebody who signs up, as they say, and what proves it. */
export type SignUp = {
  /** E.164. */
  readonly phone: string;
  readonly firstName: string | null;
  readonly proof: Pick<ConsentProof, 'sourceUrl' | 'ip' | 'userAgent'>;
};

/**
 * Takes a sign-up: whoever it is becomes a contact, comes onto the form's lists, and has consented or is asked by text to confirm. Once
 * more changes nothing, and nothing that is known of somebody is overwritten: anybody can type in a number. The number stays suppressed
 * where it is (docs/decisions/0039).
 */
export async function takeSignUp(
  deps: NumberDeps,
  work: Work,
  form: FormRow,
  { phone, firstName, proof }: SignUp,
): Promise<void> {
  const found = await contactsOfPhones(deps, work, [phone]);
  const contactId = found.get(phone)?.id;
  if (contactId === undefined) throw new Error('A contact that was just made is gone.');
  await lockContacts(work, [contactId]);
  if (firstName !== null && (await readContact(work, contactId))?.first_name === null)
    await updateContact(work, contactId, { first_name: firstName });
  const said = {
    contactId,
    method: 'form',
    wording: wordingOf(form),
    proof: {
      ...proof,
      shown: { programmeId: form.programme_id, version: form.version },
      source: form.name,
      givenAt: null,
      by: null,
    },
  } as const;
  const purpose = 'marketing';
  const { question } = form;
  if (form.double_opt_in) {
    if (question === null) throw new Error('The programme of a form that asks to confirm has no question.');
    await askToConfirm(deps, work, { purpose, shown: said.proof.shown, question }, [said]);
  } else if ((await consentStates(work, [{ contactId, purpose }]))[0] !== 'granted')
    await recordSaid(deps, work, purpose, 'granted', [{ ...said, messageId: null }]);
  const listIds = await keepLists(work, form.list_ids);
  for (const listId of listIds) await addMembers(work, listId, { contactIds: [contactId] });
  await insertSignUp(work, form.id, contactId);
  await writeFeed(work, { contactIds: [contactId] });
  await writeTopic(work, { topic: 'sign_up_forms', ids: [shown('form', form.id)] });
  if (listIds.length > 0)
    await writeTopic(work, { topic: 'contact_lists', ids: listIds.map((id) => shown('list', id)) });
}

/** Those of some lists that there still are, which nobody deletes until this is written. */
async function keepLists({ tx, workspaceId }: Scope, listIds: readonly string[]): Promise<string[]> {
  if (listIds.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM contact_lists WHERE workspace_id = ${workspaceId} AND id = ANY(${[...listIds]}::uuid[]) ORDER BY id FOR KEY SHARE`.execute(
    tx,
  );
  return rows.map(({ id }) => id);
}
