import { foldText } from './normalise.ts';

/** A stretch of a text between marks, line ends or pictures: as it was written, and as its words. */
export type Sentence = { readonly written: string; readonly words: string };

/** What divides sentences: marks, line ends, a dash between blanks, pictures. */
const sentenceEnd = /[.!?,;:…。！？，\n\r]+|\s[-–—]+\s|\p{Extended_Pictographic}+/u;
/** Digits in a box, before their box is taken off and they become digits. */
const keycap = /[0-9#*]\ufe0f?\u20e3/gu;
/** Signs that compatibility forms would make into letters or digits: `™`, `№`, `ª`, `²`, `ℹ`. */
const signs = /[\p{S}\p{No}ªº\u2139]+/gu;
/** What phones put below a text. */
const signature = /(?:\bsent (?:from|via) my\b|\bget outlook for\b)[^\n]*$/i;

/** Letters of other alphabets that look like those of ours, as spam filters are got around with, and the zero. */
const lookAlikes: ReadonlyMap<string, string> = new Map(
  [
    ['абвгеіјкмнорѕстух', 'abbreijkmhopsctyx'],
    ['αβεηικμνορτυχ', 'abehikmnoptyx'],
    ['0', 'o'],
  ].flatMap(([theirs = '', ours = '']) => [...theirs].map((letter, index) => [letter, ours[index] ?? ''] as const)),
);
const otherLetters = /[\p{Script=Cyrillic}\p{Script=Greek}]|0/u;

/** What is written by hand: without digits in boxes and the line that the phone adds. */
export function writtenByHand(text: string): string {
  return text.replace(/[`´]/g, "'").replace(keycap, ' ').replace(signature, '').trim();
}

/** The sentences of a text that have words in them. */
export function sentencesOf(text: string): Sentence[] {
  return text.split(sentenceEnd).flatMap((written) => {
    const words = wordsOf(written);
    return words === '' ? [] : [{ written, words }];
  });
}

/**
 * A text as its words: folded, without signs, apostrophes and accents, everything else between them one blank. A text of signs only is
 * read by what they stand for.
 */
export function wordsOf(text: string): string {
  const plain = text.replace(/[`´]/g, "'").replace(signs, ' ');
  return foldText(/[\p{L}\p{N}]/u.test(plain) ? plain : text)
    .replaceAll("'", '')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/**
 * Words whose letters stand apart (`s t o p`), are zeros (`st0p`) or look like ours, made whole where that makes one of the known words.
 */
export function readAsKnown(words: string, isKnown: (word: string) => boolean): string {
  const whole = /^(?:[\p{L}0] ){2,}[\p{L}0]$/u.test(words) && words.length < 40 ? words.replaceAll(' ', '') : words;
  const spelled = whole !== words && isKnown(asLetters(whole)) ? asLetters(whole) : words;
  if (!otherLetters.test(spelled)) return spelled;
  const seen = asLetters(spelled);
  if (isKnown(seen)) return seen;
  return spelled
    .split(' ')
    .map((word) => (isKnown(asLetters(word)) ? asLetters(word) : word))
    .join(' ');
}

function asLetters(word: string): string {
  return [...word].map((letter) => lookAlikes.get(letter) ?? letter).join('');
}
