import {
  type ComplianceKind,
  type ComplianceWordList,
  complianceWordLists,
  holdsAt,
  type WordPlace,
} from './compliance-word-lists.ts';
import { asksToStop, isLaughing } from './opt-out-grammar.ts';
import { languageOfOptOut, optsOutElsewhere } from './opt-out-languages.ts';
import { readAsKnown, sentencesOf, wordsOf, writtenByHand } from './opt-out-text.ts';

export type { ComplianceKind } from './compliance-word-lists.ts';

/** `exact`: the whole text is the word, politeness aside. Otherwise a person should look at it after it was honoured. */
export type ComplianceMatch = {
  readonly kind: ComplianceKind;
  readonly exact: boolean;
  /** The word as the lists name it, such as `STOP` or `YES`. */
  readonly word: string;
  /** It agrees to what was asked, and means nothing where nobody asked. */
  readonly confirms: boolean;
  /** A local word for help, which no law and no carrier knows: a live flow that has it for a keyword comes first. */
  readonly yields: boolean;
  /** The language that it was said in, where the words show that: `STOP` and `HELP` are texted in all of them. */
  readonly language: string | null;
};

/** Opting out is understood first, then help, then opting in. */
const kinds = ['stop', 'help', 'start'] as const;

const commandsOf = (kind: ComplianceKind): readonly string[] =>
  complianceWordLists.flatMap((list) =>
    list.kind === kind && list.means !== 'wording' && list.where === null ? list.words : [],
  );

/** Words with a fixed meaning in every SMS programme, and those that carriers honour by themselves: they hold everywhere. */
export const complianceWords = { stop: commandsOf('stop'), help: commandsOf('help'), start: commandsOf('start') };

type Exact = { readonly match: ComplianceMatch; readonly list: ComplianceWordList };

const exactWords: ReadonlyMap<string, readonly Exact[]> = Map.groupBy(
  kinds.flatMap((kind) =>
    complianceWordLists.flatMap((list) =>
      list.kind === kind && list.means !== 'wording'
        ? list.words.map((word) => ({
            match: {
              kind,
              exact: true,
              word,
              confirms: list.means === 'confirms',
              yields: kind === 'help' && list.where !== null,
              language: list.language,
            },
            list,
          }))
        : [],
    ),
  ),
  ({ match }) => wordsOf(match.word),
);

const exactMatch = (words: string, place: WordPlace | null): ComplianceMatch | null =>
  exactWords.get(words)?.find(({ list }) => holdsAt(list, place))?.match ?? null;

const polite =
  '(?:please|pls|plz|kindly|thanks|thank you|thx|ty|now|svp|stp|sil vous plait|sil te plait|merci|por favor|gracias|bitte|danke)';
const politeness = new RegExp(`^(?:${polite} )+|(?<! ${polite})(?: ${polite})+$`, 'g');

/**
 * Recognises opting out, asking for help and opting in. What stands around the words (punctuation, symbols, pictures, marks of
 * direction, accents) means nothing. Opting out and help accept politeness before and after, and opting out any reasonable wording in
 * any of the text's sentences (`exact: false`); opting in only the word itself. `YES` is a `start` with `word: 'YES'`: it means
 * anything only where someone asked.
 *
 * @param place whose text it is: words of a language hold where it is spoken. Null asks whether they hold anywhere.
 * @returns null where the text is about something else.
 */
export function matchCompliance(text: string, place: WordPlace | null = null): ComplianceMatch | null {
  const written = writtenByHand(text);
  const all = readAsKnown(wordsOf(written), (word) => exactMatch(word, place) !== null);
  if (!isLaughing(written, all)) {
    const exact = exactMatch(all, place);
    if (exact !== null) return exact;
    const asked = exactMatch(all.replace(politeness, ''), place);
    if (asked !== null && asked.kind !== 'start') return asked;
  }
  const inWords = { exact: false, confirms: false, yields: false } as const;
  if (all === 'help me') return { ...inWords, kind: 'help', word: 'HELP', language: 'en' };
  return asksToStop(written, all, sentencesOf(written), place)
    ? { ...inWords, kind: 'stop', word: 'STOP', language: languageOf(all, place) }
    : null;
}

/** What a wording shows: one of another language is of that, a command of no language, and everything else English. */
function languageOf(all: string, place: WordPlace | null): string | null {
  const words = all.split(' ');
  if (optsOutElsewhere(words, place)) return languageOfOptOut(words, place);
  return words.every((word) => exactMatch(word, null) !== null) ? null : 'en';
}

/**
 * What a keyword is beside one. `fixed`: no flow may take it, a text of it is read as a compliance word and never starts one. `help`: it asks for
 * help in a language, which it no longer does while a live flow has it.
 */
export function complianceOf(keyword: string): 'fixed' | 'help' | null {
  const match = matchCompliance(keyword);
  if (match === null || match.confirms) return null;
  return match.yields ? 'help' : 'fixed';
}
