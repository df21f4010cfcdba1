import type { ErrorClass, FailureClass } from './provider.ts';

/** Codes of Vonage's two APIs. What is not listed is no refusal that anybody documents. */

/**
 * Why the SMS API did not take a part: https://developer.vonage.com/api-errors/sms. Missing is 5, which says that something went wrong
 * inside and not that nothing left. 7 is a number that Vonage bars, for whatever reason: not one that opted out.
 */
export const smsRefusals: ReadonlyMap<string, ErrorClass> = new Map(
  Object.entries<ErrorClass>({
    '1': 'throttled',
    '2': 'invalid_message',
    '3': 'invalid_number',
    '4': 'auth',
    '6': 'invalid_number',
    '7': 'blocked',
    '8': 'auth',
    '9': 'funds',
    '10': 'transient',
    '11': 'auth',
    '12': 'invalid_message',
    '14': 'auth',
    '15': 'sender',
    '22': 'invalid_message',
    '23': 'invalid_message',
    '29': 'unsupported',
    '32': 'auth',
    '33': 'invalid_number',
  }),
);

/**
 * `err-code` of the SMS API's receipts: https://developer.vonage.com/messaging/sms/guides/delivery-receipts. The numbers are others than
 * those above. 15 is about the person's own credit. Missing are 1 and 99, which say nothing.
 */
export const smsFailures: ReadonlyMap<string, FailureClass> = new Map(
  Object.entries<FailureClass>({
    '2': 'transient',
    '3': 'invalid_number',
    '4': 'opted_out',
    '5': 'unsupported',
    '6': 'blocked',
    '7': 'transient',
    '8': 'transient',
    '9': 'invalid_number',
    '10': 'invalid_message',
    '11': 'unsupported',
    '12': 'transient',
    '13': 'blocked',
    '14': 'blocked',
    '15': 'unsupported',
    '16': 'throttled',
    '50': 'sender',
    '51': 'sender',
    '52': 'blocked',
    '53': 'blocked',
    '54': 'blocked',
  }),
);

/**
 * Why the Messages API does not take a message: https://developer.vonage.com/api-errors/messages. Missing are 1030, an error inside, and
 * 1320, by which an earlier request may have left.
 */
export const messagesRefusals: ReadonlyMap<string, ErrorClass> = new Map(
  Object.entries<ErrorClass>({
    '1000': 'throttled',
    '1010': 'invalid_message',
    '1020': 'invalid_message',
    '1021': 'invalid_message',
    '1022': 'invalid_message',
    '1040': 'invalid_number',
    '1050': 'blocked',
    '1060': 'auth',
    '1070': 'funds',
    '1080': 'auth',
    '1090': 'invalid_message',
    '1100': 'transient',
    '1120': 'sender',
    '1130': 'invalid_message',
    '1160': 'unsupported',
    '1170': 'invalid_number',
    '1190': 'invalid_number',
    '1200': 'unsupported',
    '1210': 'blocked',
    '1240': 'opted_out',
    '1241': 'throttled',
    '1250': 'unsupported',
    '1270': 'blocked',
    '1280': 'blocked',
    '1290': 'unsupported',
  }),
);

/** Of its receipts: those of a refusal, and what happens on the way. Missing is 1330, which says nothing. */
export const messagesFailures: ReadonlyMap<string, FailureClass> = new Map<string, FailureClass>([
  ...messagesRefusals,
  ...Object.entries<FailureClass>({
    '1030': 'transient',
    '1180': 'transient',
    '1220': 'transient',
    '1230': 'transient',
    '1260': 'transient',
    '1360': 'expired',
  }),
]);

/** What an answer that is none of the API's own makes of a message, by its HTTP status: of any other nobody knows. */
export const httpRefusals: ReadonlyMap<number, ErrorClass> = new Map<number, ErrorClass>([
  [400, 'invalid_message'],
  [401, 'auth'],
  [402, 'funds'],
  [403, 'auth'],
  [422, 'invalid_message'],
  [429, 'throttled'],
]);
