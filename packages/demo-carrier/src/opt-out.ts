export type OptOutType = 'STOP' | 'START' | 'HELP';

const stopWords = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'CANCEL']);
const startWords = new Set(['START', 'UNSTOP']);
const helpWords = new Set(['HELP', 'INFO']);

/** What the carrier does about a text that is one of its words. */
export interface OptOutAction {
  readonly type: OptOutType;
  /** What the person is told, if anything. */
  readonly answer: string | undefined;
  readonly blocked: boolean;
}

const answers = {
  STOP: 'You will get no more messages from this number. Reply START to get them again.',
  START: 'You will get messages from this number again. Reply HELP for help, STOP to stop.',
  HELP: 'Reply STOP to get no more messages. Message and data rates may apply.',
} as const;

/**
 * Reads a text as a carrier does: one whole word, in any case. YES counts only from someone who is blocked; a second
 * STOP is not confirmed again.
 */
export function readOptOut(body: string, blocked: boolean): OptOutAction | undefined {
  const word = body.trim().toUpperCase();
  if (stopWords.has(word)) return { type: 'STOP', answer: blocked ? undefined : answers.STOP, blocked: true };
  if (startWords.has(word) || (word === 'YES' && blocked))
    return { type: 'START', answer: answers.START, blocked: false };
  if (helpWords.has(word)) return { type: 'HELP', answer: answers.HELP, blocked };
  return undefined;
}
