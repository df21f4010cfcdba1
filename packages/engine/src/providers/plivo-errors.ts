import type { ErrorClass, FailureClass } from './provider.ts';

/** (unverified) What the sentence of a 400 names. */
export const refusedParameters: ReadonlyArray<readonly [RegExp, ErrorClass]> = [
  [/\b(country|region|geo)\b/i, 'unsupported'],
  [/\bcaller id\b/i, 'sender'],
  [/\b(dst|destination|recipient)\b/i, 'invalid_number'],
  [/\b(src|source|sender|powerpack)\b/i, 'sender'],
];

/** What the codes of receipts mean. https://www.plivo.com/docs/messaging/troubleshooting/error-codes */
export const failures: ReadonlyMap<string, FailureClass> = new Map(
  Object.entries<FailureClass>({
    '10': 'invalid_message',
    '20': 'transient',
    '30': 'blocked',
    '40': 'sender',
    '50': 'invalid_number',
    '60': 'blocked',
    '70': 'invalid_number',
    '80': 'transient',
    '90': 'unsupported',
    '100': 'blocked',
    '110': 'invalid_message',
    '200': 'opted_out',
    '201': 'sender',
    '300': 'transient',
    '420': 'expired',
    '429': 'throttled',
    '450': 'unsupported',
    '900': 'funds',
    '910': 'auth',
    '1000': 'unknown',
  }),
);
