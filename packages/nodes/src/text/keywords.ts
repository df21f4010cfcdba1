import { foldText } from './normalise.ts';

const token = /[\p{L}\p{M}\p{N}_']+|\p{RI}\p{RI}|\p{Extended_Pictographic}(?:\u200d\p{Extended_Pictographic})*|\p{S}/gu;

/** How a keyword meets a text: as its first word, or as all of it. */
export type KeywordMatch = 'first_word' | 'whole_text';

/**
 * Splits a text into words. Punctuation and white space separate; an apostrophe or underscore inside a word does not;
 * an emoji (skin tone aside) or symbol is a word of its own.
 */
export function tokenise(text: string): string[] {
  const tokens: string[] = [];
  for (const [raw] of foldText(text).matchAll(token)) {
    const word = raw.replace(/^'+|'+$/g, '');
    if (word !== '') tokens.push(word);
  }
  return tokens;
}

/** The form in which keywords are stored and compared. A keyword that is not one word is returned folded, to be refused. */
export function normaliseKeyword(keyword: string): string {
  const [first, ...rest] = tokenise(keyword);
  return first === undefined || rest.length > 0 ? foldText(keyword) : first;
}

/** True for one word, emoji or symbol of at most 40 characters. */
export function isKeyword(keyword: string): boolean {
  const tokens = tokenise(keyword);
  return tokens.length === 1 && [...(tokens[0] ?? '')].length <= 40;
}

/** Does `text` call for `keyword`? Both are normalised here. */
export function matchKeyword(text: string, keyword: string, match: KeywordMatch): boolean {
  const tokens = tokenise(text);
  if (match === 'whole_text' && tokens.length !== 1) return false;
  return tokens[0] !== undefined && tokens[0] === normaliseKeyword(keyword);
}
