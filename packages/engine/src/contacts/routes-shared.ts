import { z } from '@hono/zod-openapi';
import {
  contactFieldList,
  readContactField,
  type Scalar,
  shownShape,
  writtenField,
  writtenFieldNames,
} from '@signalbox/nodes/define/contact-fields';
import { parsePhone } from '@signalbox/nodes/text/phone-number';
import type { Scope } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import { fieldProblem, ProblemError } from '../http/problems.ts';
import { fieldTexts } from '../http/texts.ts';
import type { contactSchema } from './contract.ts';
import { type ContactFields, type ContactRow, readContact } from './store.ts';

const shownFields = z.object(shownShape((_kind, schema) => schema));

function shownValue(row: ContactRow, name: string): Scalar | undefined {
  const value = readContactField(row, name);
  return value instanceof Date ? value.toISOString() : value;
}

/** A contact as the API shows it. */
export function showContact(row: ContactRow): z.infer<typeof contactSchema> {
  return {
    id: shown('contact', row.id),
    ...shownFields.parse(Object.fromEntries(contactFieldList.map(({ name }) => [name, shownValue(row, name)]))),
    attributes: Object.fromEntries(
      Object.entries(row.attributes).map(([key, value]) => [
        key,
        typeof value === 'object' && value !== null ? [...value] : value,
      ]),
    ),
    consent: { marketing: 'none', transactional: 'none', ...row.consent },
    suppressed:
      row.suppressed_at === null
        ? null
        : { reason: row.suppressed_reason ?? 'unknown', at: row.suppressed_at.toISOString() },
    unhandled: row.unhandled,
    is_sample: row.is_sample,
    revision: row.revision,
    updated_at: row.updated_at.toISOString(),
  };
}

/**
 * @param country whose number it is where it has no country code.
 * @throws ProblemError `validation_failed` at `phone`.
 */
export function requirePhone(input: string, country: string): string {
  const parsed = parsePhone(input, country);
  if (!parsed.ok) throw fieldProblem(['phone'], parsed.code, fieldTexts[parsed.code]);
  return parsed.e164;
}

/** @throws ProblemError `validation_failed` at the first field whose value is none. */
export function requireAccepted(fields: ContactFields): void {
  for (const name of writtenFieldNames) {
    const value = fields[name];
    const { accepts, problem } = writtenField(name);
    if (typeof value === 'string' && !accepts(value)) throw fieldProblem([name], problem, fieldTexts[problem]);
  }
}

/** @throws ProblemError `not_found`. */
export async function requireContact(work: Scope, contactId: string, lock = false): Promise<ContactRow> {
  const row = await readContact(work, contactId, lock);
  if (row === null) throw new ProblemError('not_found');
  return row;
}

/** Fields as they are stored: what is empty counts as unknown. */
export function emptyToNull<Fields extends ContactFields>(fields: Fields): Fields {
  const empty = writtenFieldNames.filter((name) => fields[name] === '');
  return { ...fields, ...Object.fromEntries(empty.map((name) => [name, null])) };
}
