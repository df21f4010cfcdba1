import { foldText } from './normalise.ts';

const token = /[\p{L}\p{M}\p{N}_']+|\p{RI}\p{RI}|\p{Extended_Pictographic}(?:\u200d\p{Extended_Pictographic})*|\p{S}/gu;

/** How a keyword meets a text: as its first word, as all of it, or anywhere in it, word for word. */
export const keywordMatches = ['first_word', 'whole_text', 'phrase'] as const;
export type KeywordMatch = (typeof keywordMatches)[number];

/** Words of the longest phrase. */
export const longestPhrase = 5;
/** Words of a text in which phrases are looked for: the rest of a longer one is no call for anything. */
const wordsRead = 100;

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

/** The form in which keywords are stored and compared: their words, with a blank between. What holds no word is returned folded, to be refused. */
export function normaliseKeyword(keyword: string): string {
  const words = tokenise(keyword);
  return words.length === 0 ? foldText(keyword) : words.join(' ');
}

/** True for one word, emoji or symbol of at most 40 characters; as a phrase, for up to five. */
export function isKeyword(keyword: string, match: KeywordMatch = 'first_word'): boolean {
  const words = tokenise(keyword);
  const most = match === 'phrase' ? longestPhrase : 1;
  return words.length > 0 && words.length <= most && words.every((word) => [...word].length <= 40);
}

/** Does `text` call for `keyword`? Both are normalised here. */
export function matchKeyword(text: string, keyword: string, match: KeywordMatch): boolean {
  const words = tokenise(text);
  const wanted = normaliseKeyword(keyword);
  if (match === 'phrase') return phrasesOf(words).includes(wanted);
  if (match === 'whole_text' && words.length !== 1) return false;
  return words[0] !== undefined && words[0] === wanted;
}

/** Every keyword that a text can call for, in the form in which they are stored; the first is its first word. */
export function keywordsIn(text: string): string[] {
  return [...new Set(phrasesOf(tokenise(text)))];
}

/** The words of a text alone and with up to four that follow them, as they stand. */
function phrasesOf(words: readonly string[]): string[] {
  const read = words.slice(0, wordsRead);
  return read.flatMap((_word, at) =>
    Array.from({ length: Math.min(longestPhrase, read.length - at) }, (_none, more) =>
      read.slice(at, at + more + 1).join(' '),
    ),
  );
}

/**
 * The keyword that somebody probably meant who texted none: the nearest to their first word, or to all of the text, by letters that are
 * wrong, missing, too many or the wrong way round. One letter in words of four to six, two in longer ones; shorter words mean anything.
 */
export function meantKeyword(text: string, keywords: readonly string[]): string | null {
  const words = tokenise(text);
  const typed = [...new Set([words[0] ?? '', words.join(' ')])];
  // A keyword that does not count here or now was no slip.
  if (typed.some((each) => keywords.includes(each))) return null;
  const near = keywords.flatMap((keyword) => {
    const length = [...keyword].length;
    const most = length < 4 ? 0 : length < 7 ? 1 : 2;
    const slips = Math.min(...typed.map((each) => slipsBetween(each, keyword, most)));
    return slips <= most ? [{ keyword, slips }] : [];
  });
  near.sort((a, b) => a.slips - b.slips || (a.keyword < b.keyword ? -1 : 1));
  return near[0]?.keyword ?? null;
}

/** How many single slips lie between two words; more than `most` where it is more. */
function slipsBetween(a: string, b: string, most: number): number {
  const [from, to] = [[...a], [...b]];
  if (Math.abs(from.length - to.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_none, at) => at);
  for (const [row, letter] of from.entries()) {
    const line = [row + 1];
    for (const [column, other] of to.entries()) {
      const swapped = row > 0 && column > 0 && letter === to[column - 1] && from[row - 1] === other;
      line.push(
        Math.min(
          (last[column + 1] ?? 0) + 1,
          (line[column] ?? 0) + 1,
          (last[column] ?? 0) + (letter === other ? 0 : 1),
          swapped ? (before[column - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = last;
    last = line;
  }
  return last[to.length] ?? 0;
}
