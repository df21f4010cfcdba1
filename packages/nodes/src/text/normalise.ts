/**
 * Characters without a meaning of their own: format characters (direction marks, zero-width, soft hyphen, tags), what fonts ignore, the
 * place of a picture (U+FFFC), control characters and halves of a character. A joiner inside an emoji stays. So does the flag of a part
 * of a country (UTS 51), which is the first alternative: a black flag, the tags of its ISO 3166-2 code and their end.
 */
const meaningless =
  /(\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,7}\u{e007f})|(?![\u200d\s])[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cs}\ufffc]|(?<!\p{Extended_Pictographic})\u200d|\u200d(?!\p{Extended_Pictographic})/gu;
const emojiVariants = /[\ufe0e\ufe0f\u20e3\u{1f3fb}-\u{1f3ff}]/gu;
/** What stands before the first letter or digit. */
const opening = /^[\p{P}\s\u2212]*/u;
const edges = /^[\p{P}\s]+|[\p{P}\s]+$/gu;
/** The sign or point of a number is part of it, whichever dash it is and whatever stands before. */
const signAtEnd = /(?<![.,\p{Pd}\u2212])(?:[\p{Pd}\u2212]|[.,])$/u;
const end = /[\p{P}\s]+$/u;

/**
 * Folds a text for comparison: NFKC, without characters that carry no meaning and emoji variants (skin tone, presentation),
 * lower case (ß as ss, ς as σ, i with a dot above or without one as i), curly apostrophes straight, runs of white space as one
 * space, trimmed.
 */
export function foldText(text: string): string {
  return text
    .replace(emojiVariants, '')
    .replace(meaningless, '$1')
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ς', 'σ')
    .replaceAll('i\u0307', 'i')
    .replaceAll('ı', 'i')
    .replace(/[‘’ʼ`´]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();
}

/** `foldText`, then without the punctuation around it, but for the sign of a number. A text of punctuation only stays as folded. */
export function normaliseText(text: string): string {
  const folded = foldText(text);
  const head = opening.exec(folded)?.[0] ?? '';
  const rest = folded.slice(head.length).replace(end, '');
  if (rest === '') return folded;
  const sign = /^\p{N}/u.test(rest) ? (signAtEnd.exec(head)?.[0] ?? '') : '';
  return (sign === '' || sign === '.' || sign === ',' ? sign : '-') + rest;
}

/** True for a folded text of punctuation only, such as `?`. */
export function isPunctuationOnly(folded: string): boolean {
  return folded !== '' && folded.replace(edges, '') === '';
}
