import { comparableTexts, searchedTexts } from '@signalbox/nodes/flow/condition-values';
import { foldText, isPunctuationOnly } from '@signalbox/nodes/text/normalise';

/*
 * What the database can compare exactly as the evaluator does: texts of plain characters. Each of them is folded by itself into one plain
 * character, and none outside ASCII is punctuation or white space. Of any other text the database says that it does not know.
 */

/** From and to: printable ASCII, and letters of Latin, Greek, Cyrillic, Hebrew, Arabic, Japanese, Chinese and Korean. */
const ranges: ReadonlyArray<readonly [number, number]> = [
  [0x20, 0x7e],
  [0xc0, 0xd6],
  [0xd8, 0xde],
  [0xe0, 0xf6],
  [0xf8, 0x12f],
  [0x131, 0x131],
  [0x134, 0x13e],
  [0x141, 0x148],
  [0x14a, 0x17e],
  [0x386, 0x386],
  [0x388, 0x38a],
  [0x38c, 0x38c],
  [0x38e, 0x3a1],
  [0x3a3, 0x3ce],
  [0x400, 0x45f],
  [0x5d0, 0x5ea],
  [0x621, 0x63a],
  [0x641, 0x64a],
  [0x3041, 0x3096],
  [0x30a1, 0x30fa],
  [0x4e00, 0x9fa5],
  [0xac00, 0xd7a3],
];

/** Every plain character by what it is folded into; ranges without capital letters are left out, as they are folded into themselves. */
const spellings: ReadonlyMap<string, string> = new Map(
  [
    ...Map.groupBy(
      ranges
        .filter(([from]) => from < 0x5d0)
        .flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at)))
        .filter((letter) => letter !== ' '),
      foldText,
    ),
  ].map(([folded, letters]) => [folded, letters.join('')]),
);

const span = ([from, to]: readonly [number, number]) => `${String.fromCodePoint(from)}-${String.fromCodePoint(to)}`;

/** Matches a text with a character that is not plain. */
export const notPlain = `[^${ranges.map(span).join('')}]`;

const isPlain = (text: string): boolean => !new RegExp(notPlain, 'u').test(text);

/** Marks as the evaluator has them (`\p{P}`), of ASCII, and the blank; a dash comes last in a class. */
const fixedMarks = '!"#%&\'()*/:;?@\\[\\\\\\]_{}` ';
const marks = `${fixedMarks}.,-`;
const marksOrNone = `[${marks}]*`;
/** Marks without those that can be the sign or the point of a number. */
const unsigned = `[${fixedMarks}]`;
const letter = `[^${marks}]`;

/** A folded text as a pattern: every letter in all its spellings, a blank as any number of them. */
function spelled(folded: string): string {
  return [...folded]
    .map((character) => {
      if (character === ' ') return ' +';
      const all = spellings.get(character) ?? character;
      return [...all].length > 1 ? `[${all.replace(/[\\\]^-]/g, '\\$&')}]` : all.replace(/[^\p{L}\p{N}]/gu, '\\$&');
    })
    .join('');
}

/** What may stand before a text that begins like this one: of a number no sign or point that would be a part of it. */
function before(text: string): string {
  if (/^\p{N}/u.test(text)) return `(${marksOrNone}(${unsigned}|[.,-][.,-]))?`;
  return marksOrNone;
}

/** A sign or point is a number's own where none stands before it. */
const beforeSign = `(${marksOrNone}${unsigned})?`;
const isSigned = (text: string): boolean => /^[.,-]\p{N}/u.test(text);
const endsInMark = (text: string): boolean => isPunctuationOnly(text.slice(-1));
const beginsWithMark = (text: string): boolean => isPunctuationOnly(text.slice(0, 1));

/** How texts are compared. */
export type TextTest = 'is' | 'contains' | 'starts_with' | 'ends_with';

/**
 * The pattern that a plain text matches where it compares like this with `operand`; null where no plain text does.
 * The rules are those of `evaluate-condition.ts`, and a property test holds the two together.
 */
export function textPattern(test: TextTest, operand: string): string | null {
  if (foldText(operand) === '') return null;
  if (test === 'is') {
    const { operand: sought } = comparableTexts('', operand);
    if (!isPlain(sought)) return null;
    return `^(${whole(sought)})$`;
  }
  const { operand: sought } = searchedTexts('', operand);
  if (!isPlain(sought)) return null;
  const text = spelled(sought);
  if (test === 'contains') return text;
  const bare = isPunctuationOnly(foldText(operand));
  return test === 'starts_with'
    ? `^ *${text}${bare ? '' : beginsPattern(sought)}`
    : `${text} *$${bare ? '' : endsPattern(sought)}`;
}

/** A whole text without the marks around it, which is this one; marks alone are all that there is. */
function whole(text: string): string {
  if (isPunctuationOnly(text)) return ` *${spelled(text)} *`;
  if (isSigned(text)) return `${beforeSign}${spelled(text)}${marksOrNone}`;
  return `${before(text)}${spelled(text)}${marksOrNone}`;
}

/** The other way to begin with a text: behind the marks around the whole. */
function beginsPattern(text: string): string {
  if (isPunctuationOnly(text)) return '';
  // What ends in a mark has to be followed by what is none: the marks at the end are left away.
  const rest = endsInMark(text) ? `.*${letter}` : '';
  if (isSigned(text)) return `|^${beforeSign}${spelled(text)}${rest}`;
  return beginsWithMark(text) ? '' : `|^${before(text)}${spelled(text)}${rest}`;
}

/** The other way to end with a text: before the marks around the whole. */
function endsPattern(text: string): string {
  if (isPunctuationOnly(text) || endsInMark(text)) return '';
  const ends = `${spelled(text)}${marksOrNone}$`;
  if (!beginsWithMark(text)) return `|${ends}`;
  return isSigned(text) ? `|${letter}.*${ends}|^${beforeSign}${ends}` : `|${letter}.*${ends}`;
}
