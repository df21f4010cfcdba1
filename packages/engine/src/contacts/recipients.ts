import { parsePhone } from '@signalbox/nodes/text/phone-number';
import { type Home, readHome } from '../access/home.ts';
import type { Work } from '../db/work.ts';
import { readShown } from '../http/ids.ts';
import { ProblemError, type ProblemErrorEntry } from '../http/problems.ts';
import { type FieldCode, fieldTexts } from '../http/texts.ts';
import { contactsOfPhones, phonesOfContacts } from './found-contacts.ts';
import type { NumberDeps } from './numbers.ts';

/** Somebody who is named in a request: by contact, or by number, which becomes one. */
export type Named = { readonly to?: string | undefined; readonly contact_id?: string | undefined };

export type Recipient = { readonly contactId: string; readonly number: string };

/**
 * Who everybody in a request is, in order; whose number nobody has yet becomes a contact.
 *
 * @param list the field of the request that they stand in.
 * @param home the workspace's, where it was read already.
 * @throws ProblemError `validation_failed` at everyone who is nobody, with the errors found before.
 */
export async function readRecipients(
  deps: NumberDeps,
  work: Work,
  named: readonly Named[],
  list: string,
  errors: ProblemErrorEntry[],
  home?: Home,
): Promise<Recipient[]> {
  const at = (index: number, field: 'to' | 'contact_id', code: FieldCode) => {
    errors.push({ path: [list, index, field], code, message: fieldTexts[code] });
    return null;
  };
  const { country } = home ?? (await readHome(work));
  const read = named.map(({ to, contact_id }, index) => {
    if ((to === undefined) === (contact_id === undefined)) return at(index, 'to', 'recipient_ambiguous');
    if (to === undefined) return { contactId: readShown('contact', contact_id ?? ''), number: null };
    const parsed = parsePhone(to, country);
    return parsed.ok ? { contactId: null, number: parsed.e164 } : at(index, 'to', parsed.code);
  });
  const known = await phonesOfContacts(
    work,
    read.flatMap((one) => (one?.contactId == null ? [] : [one.contactId])),
  );
  read.forEach((one, index) => {
    if (one !== null && one.number === null && !known.has(one.contactId ?? ''))
      at(index, 'contact_id', 'contact_unknown');
  });
  if (errors.length > 0) throw new ProblemError('validation_failed', { errors });
  const found = await contactsOfPhones(
    deps,
    work,
    read.flatMap((one) => (one?.number == null ? [] : [one.number])),
  );
  return read.map((one) => {
    const number = one?.number == null ? known.get(one?.contactId ?? '') : found.get(one.number)?.phone;
    const contactId = one?.number == null ? one?.contactId : found.get(one.number)?.id;
    if (number === undefined || contactId == null) throw new Error('A contact that was just read is gone.');
    return { contactId, number };
  });
}
