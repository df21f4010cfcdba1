import { locale } from './translate.ts';

/** Choices in the order of their labels, as people sort them. */
export function byLabel<Choice extends { readonly label: string }>(choices: readonly Choice[]): Choice[] {
  return [...choices].sort((a, b) => a.label.localeCompare(b.label, locale));
}
