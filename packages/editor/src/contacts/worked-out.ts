import type { Contact } from '@signalbox/engine/contacts/contract';
import { contactFieldList, isWritten } from '@signalbox/nodes/define/contact-fields';
import { formatDay, formatNumber } from '../lib/format.ts';
import { tr } from '../lib/translate.ts';

/** What is known of a contact that nobody writes by hand, by what it is called. The number and the day have places of their own. */
export function workedOut(contact: Contact): Array<readonly [label: string, value: string]> {
  return contactFieldList.flatMap(({ name, label, type }) => {
    const value: unknown = Reflect.get(contact, name);
    if (isWritten(name) || name === 'phone' || name === 'created_at' || value === null || value === undefined)
      return [];
    const shown =
      typeof value === 'number' ? formatNumber(value) : type === 'date' ? formatDay(String(value)) : String(value);
    return [[tr(label), shown] as const];
  });
}
