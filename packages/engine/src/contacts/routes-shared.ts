import type { z } from '@hono/zod-openapi';
import { parsePhone } from '@signalbox/nodes/text/phone-number';
import { isTimeZone } from '@signalbox/nodes/time/zoned-time';
import type { Scope } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import { fieldProblem, ProblemError } from '../http/problems.ts';
import { fieldTexts } from '../http/texts.ts';
import type { contactSchema } from './contract.ts';
import { type ContactRow, readContact } from './store.ts';

/** Numbers without a country code are read as numbers of this country. */
export const defaultCountry = 'US';

/** A contact as the API shows it. */
export function showContact(row: ContactRow): z.infer<typeof contactSchema> {
  return {
    id: shown('contact', row.id),
    phone: row.phone,
    first_name: row.first_name,
    last_name: row.last_name,
    email: row.email,
    time_zone: row.time_zone,
    attributes: row.attributes,
    engagement_score: row.engagement_score,
    consent: { marketing: 'none', transactional: 'none', ...row.consent },
    suppressed:
      row.suppressed_at === null
        ? null
        : { reason: row.suppressed_reason ?? 'unknown', at: row.suppressed_at.toISOString() },
    unhandled: row.unhandled,
    is_sample: row.is_sample,
    revision: row.revision,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** @throws ProblemError `validation_failed` at `phone`. */
export function requirePhone(input: string): string {
  const parsed = parsePhone(input, defaultCountry);
  if (!parsed.ok) throw fieldProblem(['phone'], parsed.code, fieldTexts[parsed.code]);
  return parsed.e164;
}

/** @throws ProblemError `validation_failed` at `time_zone`. */
export function requireTimeZone(zone: string | null | undefined): void {
  if (zone !== null && zone !== undefined && !isTimeZone(zone))
    throw fieldProblem(['time_zone'], 'time_zone_invalid', fieldTexts.time_zone_invalid);
}

/** @throws ProblemError `not_found`. */
export async function requireContact(work: Scope, contactId: string, lock = false): Promise<ContactRow> {
  const row = await readContact(work, contactId, lock);
  if (row === null) throw new ProblemError('not_found');
  return row;
}

/** Fields as they are stored: what is empty counts as unknown. */
export function emptyToNull<
  T extends { first_name?: string | null | undefined; last_name?: string | null | undefined },
>(fields: T): T {
  return {
    ...fields,
    ...(fields.first_name === '' ? { first_name: null } : {}),
    ...(fields.last_name === '' ? { last_name: null } : {}),
  };
}
