/** What GSM-7 can say in place of a character that it cannot, keyed by that character. */
const replacements: ReadonlyMap<string, string> = new Map([
  ...pairs('‘’‚‛ʹʻʼʽˈˊˋ`´′＇', "'"),
  ...pairs('“”„‟″«»ʺˮ＂', '"'),
  ...pairs('‐‑‒–—―−﹘﹣－', '-'),
  ...pairs('\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000', ' '),
  ...pairs('\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f', ''),
  ...pairs('\u2028\u2029\u0085', '\n'),
  ...pairs('•·∙●▪‣', '-'),
  ...pairs('⁄∕／÷', '/'),
  ['…', '...'],
  ['×', 'x'],
  ['¼', '1/4'],
  ['½', '1/2'],
  ['¾', '3/4'],
  ['™', '(TM)'],
  ['©', '(C)'],
  ['®', '(R)'],
  ['‹', '<'],
  ['›', '>'],
  ['！', '!'],
  ['？', '?'],
  ['，', ','],
  ['。', '.'],
  ['：', ':'],
  ['；', ';'],
]);

/** The replacement for one character, or null where nothing says the same. An empty string means: leave it out. */
export function replacementFor(character: string): string | null {
  return replacements.get(character) ?? null;
}

function pairs(characters: string, replacement: string): Array<[string, string]> {
  return [...characters].map((character) => [character, replacement]);
}
