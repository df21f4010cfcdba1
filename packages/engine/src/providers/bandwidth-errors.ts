import { refusalsByStatus } from './outcomes.ts';
import type { ErrorClass, FailureClass, ReceiptStatus } from './provider.ts';

/** What Bandwidth says of a message that it does not take, or that did not arrive: https://dev.bandwidth.com/docs/messaging/errors */

const codesByClass: Readonly<Partial<Record<FailureClass, readonly string[]>>> = {
  invalid_number: ['4303', '4350', '4406', '4408', '4720', '4721'],
  opted_out: ['4775'],
  blocked: ['4470', '4482', '4750', '4770', '4771', '4772', '4790', '4791'],
  unsupported: ['4401', '4404', '4409', '4420', '4421', '4432', '4434', '4492', '4700', '4730'],
  sender: ['4302', '4403', '4405', '4407', '4431', '4433', '4481', '4740', '4773', '4774', '4792', '4793', '4795'],
  invalid_message: ['4301', '4410', '4411', '4412', '4435', '4711', '4712', '4751', '4752'],
  auth: ['4001', '4451', '4452', '4493'],
  throttled: ['4780', '4781', '4785'],
  transient: ['4701', '4702'],
  expired: ['4360'],
};

function inverted<Class extends string>(
  table: Readonly<Partial<Record<Class, readonly string[]>>>,
): ReadonlyMap<string, Class> {
  const classes = new Map<string, Class>();
  for (const name in table) for (const code of table[name] ?? []) classes.set(code, name);
  return classes;
}

const failures = inverted(codesByClass);

/** What stands of a class that has no code of its own: a carrier's refusal, an error of a service, and what nobody will ever know. */
const failuresByDigits: ReadonlyArray<readonly [RegExp, FailureClass]> = [
  [/^4[67]\d\d$/, 'blocked'],
  [/^5[1256]\d\d$/, 'transient'],
  [/^9\d\d\d$/, 'unknown'],
];

/** What a code of a receipt means; null where nobody knows it. */
export function failureOf(code: string): FailureClass | null {
  return failures.get(code) ?? failuresByDigits.find(([digits]) => digits.test(code))?.[1] ?? null;
}

/**
 * Where a message stands that Bandwidth calls failed. The first digit 9 says that no receipt came in time, or one that nobody understood: the
 * message may well have arrived. The second digit tells a carrier's refusal from Bandwidth's own.
 */
export function statusOfFailure(code: string): ReceiptStatus {
  if (/^9\d\d\d$/.test(code)) return 'sent';
  return /^\d[67]\d\d$/.test(code) ? 'undelivered' : 'failed';
}

const classesByType: ReadonlyMap<string, ErrorClass> = inverted<ErrorClass>({
  auth: ['unauthorized', 'forbidden'],
  throttled: ['max-message-queue-size-exceeded'],
});

const classesByField: ReadonlyMap<string, ErrorClass> = inverted<ErrorClass>({
  invalid_number: ['to'],
  sender: ['from'],
  auth: ['applicationId'],
});

/** The class of a refused request: by its type, by the first field that is at fault, by its HTTP status. */
export function classOfRefusal(status: number, type: string, fieldNames: readonly string[]): ErrorClass {
  const field = fieldNames.map((name) => classesByField.get(/^\w+/.exec(name)?.[0] ?? '')).find((found) => found);
  return classesByType.get(type) ?? field ?? refusalsByStatus.get(status) ?? 'invalid_message';
}
