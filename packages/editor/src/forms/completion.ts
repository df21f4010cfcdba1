/** Something that may stand in a placeholder. */
export type Completion = {
  /** As it is written: `contact.first_name`, `upcase`. */
  readonly text: string;
  /** What people call it. */
  readonly label: string;
  readonly kind: 'variable' | 'snippet' | 'filter';
};

/** What may be written at a place of a text, and what it takes the place of. */
export type Offered = {
  readonly from: number;
  readonly to: number;
  readonly options: readonly Completion[];
  /** Follows what is chosen: a placeholder that nobody closed is closed. */
  readonly closing: string;
};

const mostOffered = 8;

/**
 * What may be written where the cursor stands: the details and snippets in a placeholder, behind a bar the filters, those first that begin
 * with what is written already. Null outside of placeholders, and where all is written.
 */
export function completionAt(text: string, caret: number, known: readonly Completion[]): Offered | null {
  const before = text.slice(0, caret);
  const open = Math.max(before.lastIndexOf('{{'), before.lastIndexOf('{%'));
  if (open === -1) return null;
  const inside = before.slice(open + 2);
  const isTag = before.startsWith('{%', open);
  if (/[{}]/.test(inside) || isInQuotes(inside)) return null;
  const [word = ''] = /[\w.]*$/.exec(inside) ?? [];
  const lead = inside.slice(0, inside.length - word.length);
  // A tag begins with its own word, and behind a colon or a comma stand values.
  if (isTag && lead.trim() === '') return null;
  const wantsFilter = /\|\s*$/.test(lead);
  if (!wantsFilter && !isTag && !/^-?\s*$/.test(lead)) return null;
  const [rest = ''] = /^[\w.]*/.exec(text.slice(caret)) ?? [];
  const options = matching(
    known.filter(({ kind }) => (kind === 'filter') === wantsFilter),
    word.toLowerCase(),
  ).filter((option) => !isTag || option.kind !== 'snippet');
  const [only] = options;
  if (options.length === 0 || (options.length === 1 && only?.text === word + rest)) return null;
  const after = text.slice(caret + rest.length);
  const isClosed = /^[^{}]*[%}]\}/.test(after);
  return {
    from: caret - word.length,
    to: caret + rest.length,
    options,
    closing: isClosed ? '' : isTag ? ' %}' : ' }}',
  };
}

function matching(known: readonly Completion[], word: string): Completion[] {
  const places = known.map((option) => {
    const text = option.text.toLowerCase();
    const label = option.label.toLowerCase();
    const last = text.slice(text.lastIndexOf('.') + 1);
    const place = text.startsWith(word)
      ? 0
      : last.startsWith(word) || label.startsWith(word)
        ? 1
        : `${text} ${label}`.includes(word)
          ? 2
          : 3;
    return { option, place };
  });
  return [0, 1, 2]
    .flatMap((wanted) => places.flatMap(({ option, place }) => (place === wanted ? [option] : [])))
    .slice(0, mostOffered);
}

const isInQuotes = (inside: string): boolean =>
  (inside.split("'").length - 1) % 2 === 1 || (inside.split('"').length - 1) % 2 === 1;

/** A text with what was chosen in its place, and where the cursor goes. */
export function complete(
  text: string,
  { from, to, closing }: Offered,
  chosen: Completion,
): { readonly text: string; readonly caret: number } {
  const space = chosen.kind !== 'filter' && text.slice(0, from).endsWith('{{') ? ' ' : '';
  const written = space + chosen.text + closing;
  return { text: text.slice(0, from) + written + text.slice(to), caret: from + written.length };
}
