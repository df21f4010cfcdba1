import { refusalsByStatus } from './outcomes.ts';
import type { ErrorClass, FailureClass } from './provider.ts';

/**
 * Errors of the API, by what they say whatever the parameter: https://developers.messagebird.com/api/#errors
 * `null`: an error of MessageBird's own, after which nobody knows.
 */
export const errorClasses: ReadonlyMap<number, ErrorClass | null> = new Map<number, ErrorClass | null>([
  [2, 'auth'],
  [9, 'invalid_number'],
  [10, 'invalid_message'],
  [20, 'auth'],
  [21, 'invalid_message'],
  [25, 'funds'],
  [98, null],
  [99, null],
]);

/** Errors 9 and 10 are about one of these. */
export const parameterClasses: ReadonlyMap<string, ErrorClass> = new Map([
  ['recipients', 'invalid_number'],
  ['recipient', 'invalid_number'],
  ['originator', 'sender'],
  ['body', 'invalid_message'],
]);

/** Refusals that say nothing more than their HTTP status. Whatever else comes back leaves a doubt. */
export const statusClasses: ReadonlyMap<number, ErrorClass> = new Map([...refusalsByStatus, [422, 'invalid_message']]);

/**
 * Codes of messages that did not arrive: those of the mobile network (3GPP TS 29.002) and MessageBird's own.
 * https://docs.bird.com/api/channels-api/message-status-and-interactions/message-failure-sources/sms-platform-extended-error-codes
 */
export const failures: ReadonlyMap<string, FailureClass> = new Map(
  Object.entries<FailureClass>({
    '1': 'invalid_number',
    '5': 'invalid_number',
    '6': 'transient',
    '9': 'blocked',
    '11': 'unsupported',
    '12': 'unsupported',
    '13': 'blocked',
    '21': 'unsupported',
    '27': 'transient',
    '31': 'transient',
    '32': 'transient',
    '34': 'transient',
    '103': 'opted_out',
    '106': 'blocked',
    '107': 'throttled',
  }),
);
