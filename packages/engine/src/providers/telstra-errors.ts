import { z } from 'zod';
import { refusalsByStatus } from './outcomes.ts';
import type { ErrorClass } from './provider.ts';

/** Telstra's error codes by class; those of a field go by the field, all others by the HTTP status. https://dev.telstra.com/docs/messaging-api */
const classes: ReadonlyMap<string, ErrorClass> = new Map(
  Object.entries<ErrorClass>({
    RECIPIENT_OPTOUT: 'opted_out',
    MODERATION_ERR: 'blocked',
    FREE_TRIAL_INTERNATIONAL_ERR: 'unsupported',
    SENDERNAME_ERR: 'sender',
    VIRTUAL_NUM_INVALID: 'sender',
    VIRTUAL_NUM_UNASSIGNED: 'sender',
    VIRTUAL_NUM_UNKNOWN: 'sender',
    TAGS_ERR: 'invalid_message',
    MULTIMEDIA_TOO_LARGE: 'invalid_message',
    PAYLOAD_TOO_LARGE: 'invalid_message',
    TOO_MANY_REQUESTS: 'throttled',
    ACCOUNT_ERR: 'funds',
    ACCOUNT_LIMIT_ERROR: 'funds',
    RATE_PLAN_ERR: 'funds',
    ACCOUNT_NOT_LINKED: 'auth',
    TOKEN_INVALID: 'auth',
    TOKEN_EXPIRED: 'auth',
    RESOURCE_AUTH_ERR: 'auth',
    INSUFFICIENT_SCOPE: 'auth',
    RESOURCE_TEMP_ERR: 'transient',
  }),
);

const classesByField: ReadonlyMap<string, ErrorClass> = new Map([
  ['to', 'invalid_number'],
  ['from', 'sender'],
]);

const errorsSchema = z.object({
  errors: z.array(z.object({ code: z.string().min(1).max(100), field: z.string().optional().catch(undefined) })).min(1),
});

/** What the first of an answer's errors means, and its code. */
export function readErrors(
  status: number,
  document: unknown,
): { readonly errorClass: ErrorClass; readonly code: string } {
  const parsed = errorsSchema.safeParse(document);
  const { code, field = '' } = parsed.data?.errors[0] ?? { code: `http_${status}` };
  const name = /^\w+/.exec(field)?.[0] ?? '';
  const ofField = code.startsWith('FIELD_') ? classesByField.get(name) : undefined;
  const errorClass = classes.get(code) ?? ofField ?? refusalsByStatus.get(status) ?? 'invalid_message';
  return { errorClass, code };
}
