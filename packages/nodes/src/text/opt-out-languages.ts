import { type ComplianceWordList, complianceWordLists, holdsAt, type WordPlace } from './compliance-word-lists.ts';
import { wordsOf } from './opt-out-text.ts';
import { optOutWords } from './opt-out-words.ts';
import { type WordPattern, wordPattern } from './word-pattern.ts';

const politeness =
  'svp|por favor|per favore|grazie|aub|alsjeblieft|alstublieft|tack|takk|tak|пожалуйста|спасибо|lütfen|谢谢|謝謝|请|請|من فضلك|בבקשה|お願いします';

const spelled = (words: readonly string[]): string => [...new Set(words.map(wordsOf))].join('|');

/** How people are polite in other languages, spelled as the words of a text are. */
export const politeElsewhere = { POLITE: spelled(politeness.split('|')) };

const wordings = complianceWordLists.filter(({ kind, means }) => kind === 'stop' && means === 'wording');

const patternOf = (lists: readonly ComplianceWordList[]): WordPattern =>
  wordPattern('ASIDE|POLITE* ELSEWHERE ASIDE|POLITE*', {
    ...optOutWords,
    ...politeElsewhere,
    ELSEWHERE: spelled(lists.flatMap(({ words }) => words)),
  });

const everywhere = patternOf(wordings.filter(({ where }) => where === null));
const each = wordings.map((list) => ({ list, pattern: patternOf([list]) }));

/**
 * Whether a text opts out as another language does. Each word may be an ordinary answer or part of one (`cancelar mi cita`), and so
 * counts as the whole text alone.
 */
export function optsOutElsewhere(words: readonly string[], place: WordPlace | null): boolean {
  return (
    everywhere.matches(words) ||
    each.some(({ list, pattern }) => list.where !== null && holdsAt(list, place) && pattern.matches(words))
  );
}

/** The language in which a text opts out; null where several have the words, or none of the lists does. */
export function languageOfOptOut(words: readonly string[], place: WordPlace | null): string | null {
  const found = each.filter(({ list, pattern }) => holdsAt(list, place) && pattern.matches(words));
  const [first, ...others] = new Set(found.map(({ list }) => list.language));
  return others.length === 0 ? (first ?? null) : null;
}
