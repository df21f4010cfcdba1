import { foldText } from './normalise.ts';

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
  ],
  help: ['HELP', 'INFO', 'AIDE'],
  start: ['START', 'UNSTOP', 'YES'],
} as const satisfies Record<ComplianceKind, readonly string[]>;

const kinds = ['stop', 'help', 'start'] as const;

const exactWords: ReadonlyMap<string, { readonly kind: ComplianceKind; readonly word: string }> = new Map(
  kinds.flatMap((kind) => complianceWords[kind].map((word) => [words(word), { kind, word }] as const)),
);

/** Words that opt out as a sentence of their own beside others; the rest are too common to, unless they are shouted. */
const sentenceWords: ReadonlySet<string> = new Set([
  'stop',
  'stopall',
  'stop all',
  'unsubscribe',
  'optout',
  'opt out',
  'arret',
]);
/** Words that opt out where they are shouted at the end of a quieter text: `Wrong person STOP`. */
const shoutedStop = /(?<![\p{L}\p{N}'’-])(?:STOP|STOPALL|UNSUBSCRIBE|QUIT|CANCEL|ARR[EÊ]T)$/u;

const polite = "(?:please|pls|plz|kindly|can you|could you|would you|i want you to|i'd like you to|just)";
const messages =
  '(?:text|txt|message|msg|sms|mms|alert|update|notification|promo|promotion|promotional|ad|offer|call|email|mail|spam|marketing|campaign|newsletter|crap)s?';
const bothering = '(?:text|txt|messag|msg|contact|send|spamm|bother|harass|annoy|email|call|pester)ing';
const start = `^(?:${polite} )*`;

/** Reasonable ways of asking to be left alone, on one sentence without apostrophes. Each is anchored or names its object. */
const fuzzyStops: readonly RegExp[] = [
  new RegExp(`${start}(?:stop|quit|cease|end) ${bothering}\\b`),
  new RegExp(
    `${start}(?:stop|quit|end|cancel) (?:(?:all|the|these|those|this|your|any|my|future|more|with) )*${messages}\\b`,
  ),
  new RegExp(`${start}stop (?:it|this|that|now|already|asap|immediately|everything|all of (?:it|this)|stop)\\b`),
  new RegExp(`${start}(?:unsubscribe|unsub|opt ?out|opt me out|remove me|take me off|delete me)\\b`),
  new RegExp(`${start}(?:cancel|end|revoke|stop) (?:my |the |this )?(?:subscription|consent|opt in)\\b`),
  new RegExp(`\\b(?:no more|dont want (?:any more|anymore|any|these|your|more)|sick of (?:these|your)) ${messages}\\b`),
  /\b(?:do not|dont|never) (?:ever )?(?:text|txt|message|msg|contact|email|call) (?:me|us|this number)\b/,
  /\b(?:want|wish|like|need|how do i|how can i|how to|trying) (?:to )?(?:unsubscribe|opt ?out|be removed)\b/,
  /\b(?:want|wish|like|need|telling|told|asked) (?:you )?to stop (?:texting|messaging|contacting|sending|getting|receiving)\b/,
  /\bleave me alone\b/,
  // What the instructions say, sent back: `Reply STOP`, `Text STOP to end`, `STOP2END`.
  /^(?:(?:reply|respond|text|txt|send|type|say|i said|i say|i told you|again|ok|okay|no|hey|now|so|please|to) )*stop(?:2| ?(?:2|to|and|or) ?(?:end|quit|stop|cancel|unsubscribe|opt ?out|unsub))?$/,
  // As fingers and phones write it.
  /^(?:st+o+p{2,}|st{2,}o+p+|s{2,}top|stpo|sotp|unsubs?|unsuscribe|unsubcribe|unsubscribed|stopall?)$/,
  /^(?:s il vous plait )?(?:arret(?:er|ez|e)?|desabonner|desabonnez moi|desinscrire|desinscription)(?: sms| (?:les |vos )?(?:messages|textos))?$/,
];

/** `I do not want to unsubscribe`. */
const refusesToStop =
  /\b(?:do not|did not|didnt|dont|never|not) (?:(?:want|wanna|wish|like|ever|to|you) )*(?:stop|unsubscribe|opt ?out|be removed)\b/;

/** What divides sentences: marks, line ends, a dash between blanks, pictures. */
const sentenceEnd = /[.!?,;:…。！？，\n\r]+|\s[-–—]+\s|\p{Extended_Pictographic}+/u;
const politeness = /^(?:(?:please|pls|plz) )+|(?: (?:please|pls|plz|thanks|thank you|now))+$/g;

/**
 * Recognises opting out, asking for help and opting in. What stands around the words (punctuation, symbols, pictures, marks of
 * direction, accents) means nothing. Opting out and help accept a leading or trailing `please`, and opting out any reasonable wording in
 * any of the text's sentences (`exact: false`); opting in only the word itself. `YES` is a `start` with `word: 'YES'`: it means
 * anything only where someone asked.
 *
 * @returns null where the text is about something else.
 */
export function matchCompliance(text: string): ComplianceMatch | null {
  const whole = words(text);
  const exact = exactWords.get(whole);
  if (exact !== undefined) return { ...exact, exact: true };

  const asked = exactWords.get(whole.replace(politeness, ''));
  if (asked !== undefined && asked.kind !== 'start') return { ...asked, exact: true };
  if (whole === 'help me') return { kind: 'help', exact: false, word: 'HELP' };

  const stops = [text, ...sentencesOf(text)].some((sentence, index) =>
    index === 0 ? asksToStop(whole) || shouts(text) : asksToStop(words(sentence), true),
  );
  return stops ? { kind: 'stop', exact: false, word: 'STOP' } : null;
}

/** True for a word that no flow may take as a keyword. */
export function isComplianceWord(keyword: string): boolean {
  return exactWords.has(words(keyword));
}

function asksToStop(sentence: string, isPart = false): boolean {
  if (isPart && sentenceWords.has(sentence.replace(politeness, ''))) return true;
  return !refusesToStop.test(sentence) && fuzzyStops.some((pattern) => pattern.test(sentence));
}

/** The last word in capitals, in a text that is not, and that does not say the opposite. */
function shouts(text: string): boolean {
  const end = text.replace(/[^\p{L}\p{N}]+$/u, '');
  const before = end.replace(shoutedStop, '');
  return (
    before !== end &&
    /\p{Ll}/u.test(before) &&
    !/(?:\b(?:non|bus|full|pit|next|last|cannot|cant|wont|never|not|dont|didnt)\s*-?\s*|\b(?:the|a|at)\s+)$/.test(
      words(before).concat(' '),
    ) &&
    !refusesToStop.test(words(end))
  );
}

function sentencesOf(text: string): string[] {
  const sentences = text.split(sentenceEnd).filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
  return sentences.length > 1 ? sentences : [];
}

/** A text as its words: folded, without apostrophes and accents, everything else between them one blank. */
function words(text: string): string {
  return foldText(text)
    .replaceAll("'", '')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
