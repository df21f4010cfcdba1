import { asksToStop, isLaughing } from './opt-out-grammar.ts';
import { readAsKnown, sentencesOf, wordsOf, writtenByHand } from './opt-out-text.ts';

export type ComplianceKind = 'stop' | 'start' | 'help';

/** `exact`: the whole text is the word, politeness aside. Otherwise a person should look at it after it was honoured. */
export type ComplianceMatch = {
  readonly kind: ComplianceKind;
  readonly exact: boolean;
  /** The word as the lists name it, such as `STOP` or `YES`. */
  readonly word: string;
};

/**
 * Words with a fixed meaning in every SMS programme, with those of French and the further ones that carriers honour by themselves.
 * Opting out is understood first, then help, then opting in.
 */
export const complianceWords = {
  stop: [
    'STOP',
    'STOPALL',
    'STOP ALL',
    'UNSUBSCRIBE',
    'CANCEL',
    'END',
    'QUIT',
    'REVOKE',
    'OPTOUT',
    'OPT OUT',
    'REMOVE',
    'ARRET',
    'ARRÊT',
    'TD',
  ],
  help: ['HELP', 'INFO', 'AIDE'],
  start: ['START', 'UNSTOP', 'YES'],
} as const satisfies Record<ComplianceKind, readonly string[]>;

const kinds = ['stop', 'help', 'start'] as const;

const exactWords: ReadonlyMap<string, { readonly kind: ComplianceKind; readonly word: string }> = new Map(
  kinds.flatMap((kind) => complianceWords[kind].map((word) => [wordsOf(word), { kind, word }] as const)),
);

const polite =
  '(?:please|pls|plz|kindly|thanks|thank you|thx|ty|now|svp|stp|sil vous plait|sil te plait|merci|por favor|gracias|bitte|danke)';
const politeness = new RegExp(`^(?:${polite} )+|(?<! ${polite})(?: ${polite})+$`, 'g');

/**
 * Recognises opting out, asking for help and opting in. What stands around the words (punctuation, symbols, pictures, marks of
 * direction, accents) means nothing. Opting out and help accept politeness before and after, and opting out any reasonable wording in
 * any of the text's sentences (`exact: false`); opting in only the word itself. `YES` is a `start` with `word: 'YES'`: it means
 * anything only where someone asked.
 *
 * @returns null where the text is about something else.
 */
export function matchCompliance(text: string): ComplianceMatch | null {
  const written = writtenByHand(text);
  const all = readAsKnown(wordsOf(written), (word) => exactWords.has(word));
  if (!isLaughing(written, all)) {
    const exact = exactWords.get(all);
    if (exact !== undefined) return { ...exact, exact: true };
    const asked = exactWords.get(all.replace(politeness, ''));
    if (asked !== undefined && asked.kind !== 'start') return { ...asked, exact: true };
  }
  if (all === 'help me') return { kind: 'help', exact: false, word: 'HELP' };
  return asksToStop(written, all, sentencesOf(written)) ? { kind: 'stop', exact: false, word: 'STOP' } : null;
}

/** True for a word that no flow may take as a keyword: a text of it is read as a compliance word, and never starts one. */
export function isComplianceWord(keyword: string): boolean {
  return matchCompliance(keyword) !== null;
}
