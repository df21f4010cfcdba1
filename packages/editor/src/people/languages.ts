import { canonicalLanguage } from '@signalbox/nodes/text/language-tag';
import { byLabel } from '../lib/by-label.ts';
import { locale, tr } from '../lib/translate.ts';
import type { Choice } from '../ui/select.tsx';

const names = new Intl.DisplayNames(locale, { type: 'language' });

/** What a language is called: German for `de`. */
export function languageName(tag: string): string {
  try {
    return tr(names.of(tag) ?? tag);
  } catch {
    return tag;
  }
}

/** Languages that many people write; any other is taken by its tag. */
const common: readonly string[] =
  'ar bg bn ca cs da de de-AT de-CH el en en-AU en-GB en-US es es-419 et fa fi fil fr fr-CA he hi hr hu id it ja ko lt lv ms nb nl pl pt-BR pt-PT ro ru sk sl sr sv sw ta th tr uk ur vi zh-Hans zh-Hant'.split(
    ' ',
  );

const languageChoice = (tag: string): Choice => ({ value: tag, label: languageName(tag), help: tag });

/** Languages by their names, with their tags. */
export const languageChoices: readonly Choice[] = byLabel(common.map(languageChoice));

/** The language of a tag that somebody writes; null where it is none, or one of the list. */
export function otherLanguage(text: string): Choice | null {
  const tag = text.length < 2 ? null : canonicalLanguage(text);
  if (tag === null || common.includes(tag)) return null;
  // A word that could be a tag and that nobody knows as one is somebody's search.
  const choice = languageChoice(tag);
  return choice.label === tr(tag) ? null : choice;
}
