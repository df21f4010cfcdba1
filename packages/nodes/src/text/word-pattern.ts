/** Classes of words by name: what stands between bars are alternatives, each of one word or several. */
export type WordClasses = Readonly<Record<string, string>>;

/** A pattern over the words of a sentence. */
export type WordPattern = {
  /** Does the pattern describe all of the words? */
  readonly matches: (words: readonly string[]) => boolean;
  /** Where words begin that it describes, the first and longest of them; null where there are none. */
  readonly find: (words: readonly string[]) => { readonly from: number; readonly to: number } | null;
};

/**
 * Reads a pattern. It is made of items between blanks: a word, alternatives (`stop|quit`, with `_` for a blank in one), the name of a
 * class in capitals (`ME`), or those with `+` (once or more), `*` (any number), `?` (or none), or `!` in front (does not follow). `…`
 * stands for any words.
 *
 * A word of alternatives with a sign in it is a regular expression: `texts?`. Time is proportional to the number of words: nothing is
 * tried twice.
 *
 * @example wordPattern('… stop|quit TEXTS ME?', { TEXTS: 'texting|sending', ME: 'me|this number' })
 */
export function wordPattern(pattern: string, classes: WordClasses): WordPattern {
  const items = pattern.split(' ').map((item) => itemOf(item, classes));
  const endsFrom = (words: readonly string[], start: number): ReadonlySet<number> => {
    let reached: ReadonlySet<number> = new Set([start]);
    for (const { advance } of items) {
      if (reached.size === 0) break;
      reached = advance(words, reached);
    }
    return reached;
  };
  // Most texts lack a word without which the pattern describes nothing: they are told by that alone.
  const lacks = (words: readonly string[]) =>
    items.some(({ beginsWith }) => beginsWith !== null && !words.some(beginsWith));
  return {
    matches: (words) => !lacks(words) && endsFrom(words, 0).has(words.length),
    find: (words) => {
      if (lacks(words)) return null;
      for (let from = 0; from < words.length; from += 1) {
        const to = Math.max(0, ...endsFrom(words, from));
        if (to > from) return { from, to };
      }
      return null;
    },
  };
}

/** Reads several patterns over the same classes. */
export const wordPatterns =
  (classes: WordClasses) =>
  (...patterns: readonly string[]): readonly WordPattern[] =>
    patterns.map((pattern) => wordPattern(pattern, classes));

/** Does one of the patterns describe all of the words? */
export function anyMatches(patterns: readonly WordPattern[], words: readonly string[]): boolean {
  return patterns.some((pattern) => pattern.matches(words));
}

type Item = {
  /** From the places that were reached, the places behind the item. */
  readonly advance: (words: readonly string[], reached: ReadonlySet<number>) => ReadonlySet<number>;
  /** Can what the item stands for begin with a word? Null where it may stand for nothing. */
  readonly beginsWith: ((word: string) => boolean) | null;
};

function itemOf(item: string, classes: WordClasses): Item {
  if (item === '…') return { advance: overAnyWords, beginsWith: null };
  const [, not = '', names = '', times = ''] = /^(!?)(.+?)([+*?]?)$/u.exec(item) ?? [];
  const { endsAt, beginsWith } = alternativesOf(
    names.split('|').map((name) => classes[name] ?? name.replaceAll('_', ' ')),
  );
  if (not === '!') {
    const advance: Item['advance'] = (words, reached) =>
      new Set([...reached].filter((at) => endsAt(words, at).length === 0));
    return { advance, beginsWith: null };
  }
  const advance: Item['advance'] = (words, reached) => {
    const behind = new Set(times === '*' || times === '?' ? reached : []);
    const open = [...reached];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const end of endsAt(words, at)) {
        if ((times === '*' || times === '+') && !behind.has(end)) open.push(end);
        behind.add(end);
      }
    }
    return behind;
  };
  return { advance, beginsWith: times === '*' || times === '?' ? null : beginsWith };
}

const overAnyWords: Item['advance'] = (words, reached) => {
  const first = Math.min(...reached);
  return new Set(Array.from({ length: words.length - first + 1 }, (_, index) => first + index));
};

type Alternatives = {
  /** The places behind each alternative that stands at a place. */
  readonly endsAt: (words: readonly string[], at: number) => number[];
  readonly beginsWith: (word: string) => boolean;
};

function alternativesOf(names: readonly string[]): Alternatives {
  const all = names.flatMap((name) => name.split('|'));
  const phrases = Map.groupBy(
    all.filter((name) => /^[\p{L}\p{N}§ ]+$/u.test(name)).map((name) => name.split(' ')),
    ([first = '']) => first,
  );
  const forms = all
    .filter((name) => !/^[\p{L}\p{N}§ ]+$/u.test(name))
    .map((name) => name.split(' ').map((word) => new RegExp(`^${word}$`, 'u')));
  return {
    endsAt: (words, at) => [
      ...(phrases.get(words[at] ?? '') ?? [])
        .filter((phrase) => phrase.every((word, index) => words[at + index] === word))
        .map((phrase) => at + phrase.length),
      ...forms
        .filter((form) => form.every((word, index) => word.test(words[at + index] ?? '')))
        .map((form) => at + form.length),
    ],
    beginsWith: (word) => phrases.has(word) || forms.some(([first]) => first?.test(word) === true),
  };
}
