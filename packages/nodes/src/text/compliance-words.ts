import { foldText, normaliseText } from './normalise.ts';

export type ComplianceKind = 'stop' | 'start' | 'help';

/** `exact`: the whole text is the word, politeness aside. Otherwise a person should look at it after it was honoured. */
export type ComplianceMatch = {
  readonly kind: ComplianceKind;
  readonly exact: boolean;
  /** The word as the lists name it, such as `STOP` or `YES`. */
  readonly word: string;
};

/** Words with a fixed meaning in every SMS programme. Opting out is understood first, then help, then opting in. */
export const complianceWords = {
  stop: ['STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'OPT OUT'],
  help: ['HELP', 'INFO'],
  start: ['START', 'UNSTOP', 'YES'],
} as const satisfies Record<ComplianceKind, readonly string[]>;

const kinds = ['stop', 'help', 'start'] as const;

const exactWords: ReadonlyMap<string, { readonly kind: ComplianceKind; readonly word: string }> = new Map(
  kinds.flatMap((kind) => complianceWords[kind].map((word) => [word.toLowerCase(), { kind, word }] as const)),
);

const polite = "(?:please|pls|plz|kindly|can you|could you|would you|i want you to|i'd like you to|just)";
const messages = '(?:text|txt|message|msg|sms|alert|update|notification|promo|promotion|ad|offer|call|email|spam)s?';
const bothering = '(?:text|txt|messag|msg|contact|send|spamm|bother|harass|annoy|email|call|pester)ing';
const start = `^(?:${polite} )*`;

/** Reasonable ways of asking to be left alone, on folded text without apostrophes. Each is anchored or names its object. */
const fuzzyStops: readonly RegExp[] = [
  new RegExp(`${start}(?:stop|quit|cease|end) ${bothering}\\b`),
  new RegExp(
    `${start}(?:stop|quit|end|cancel) (?:(?:all|the|these|those|this|your|any|my|future|more) )*${messages}\\b`,
  ),
  new RegExp(`${start}stop (?:it|this|that|now|already|asap|immediately|everything|all of (?:it|this)|stop)\\b`),
  new RegExp(`${start}(?:unsubscribe|unsub|opt ?out|opt me out|remove me|take me off|delete me)\\b`),
  new RegExp(`${start}(?:cancel|end|revoke|stop) (?:my |the |this )?(?:subscription|consent|opt in)\\b`),
  new RegExp(`\\b(?:no more|dont want (?:any more|anymore|any|these|your|more)|sick of (?:these|your)) ${messages}\\b`),
  /\b(?:do not|dont|never) (?:ever )?(?:text|txt|message|msg|contact|email|call) (?:me|us|this number)\b/,
  /\b(?:want|wish|like|need|how do i|how can i|how to|trying) (?:to )?(?:unsubscribe|opt ?out|be removed)\b/,
  /\b(?:want|wish|like|need|telling|told|asked) (?:you )?to stop (?:texting|messaging|contacting|sending|getting|receiving)\b/,
  /\bleave me alone\b/,
];

/** `STOP. Wrong number`: the word as a sentence of its own. */
const stopSentence = /^(?:stop|stopall|unsubscribe)\s*[.!,;:\n]/;
/** `I do not want to unsubscribe`. */
const refusesToStop =
  /\b(?:do not|dont|never|not) (?:(?:want|wanna|wish|like|ever|to|you) )*(?:stop|unsubscribe|opt ?out|be removed)\b/;

/**
 * Recognises opting out, asking for help and opting in. Opting out and help accept a leading or trailing `please`, and
 * opting out any reasonable wording (`exact: false`); opting in only the word itself. `YES` is a `start` with
 * `word: 'YES'`: it means anything only where someone asked.
 *
 * @returns null where the text is about something else.
 */
export function matchCompliance(text: string): ComplianceMatch | null {
  const whole = words(text);
  const exact = exactWords.get(whole);
  if (exact !== undefined) return { ...exact, exact: true };

  const asked = exactWords.get(
    whole.replace(/^(?:(?:please|pls|plz) )+|(?: (?:please|pls|plz|thanks|thank you|now))+$/g, ''),
  );
  if (asked !== undefined && asked.kind !== 'start') return { ...asked, exact: true };
  if (whole === 'help me') return { kind: 'help', exact: false, word: 'HELP' };

  if (refusesToStop.test(whole)) return null;
  if (stopSentence.test(text.trim().toLowerCase()) || fuzzyStops.some((pattern) => pattern.test(whole))) {
    return { kind: 'stop', exact: false, word: 'STOP' };
  }
  return null;
}

/** True for a word that no flow may take as a keyword. */
export function isComplianceWord(keyword: string): boolean {
  return exactWords.has(words(keyword));
}

function words(text: string): string {
  const plain = foldText(text)
    .replaceAll("'", '')
    .replace(/[\p{P}\s]+/gu, ' ')
    .trim();
  return plain === '' ? normaliseText(text) : plain;
}
