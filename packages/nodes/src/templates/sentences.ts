/** A piece of a template that can be left out without the rest falling apart. */
export type Sentence = {
  readonly source: string;
  /** Sets something that others read: it is never left out. */
  readonly stays: boolean;
};

const parts = /\{\{[\s\S]*?\}\}|\{%-?\s*(end)?(\w+|#)[\s\S]*?%\}/g;
const blocks: ReadonlySet<string> = new Set(['if', 'unless', 'case', 'raw', 'comment']);
const sentenceEnd = /[.!?…。！？]+["'”’»)\]]*(?:\s+|$)|\n+|[。！？]/g;

/**
 * A template cut into its sentences, which joined are the template again. One ends with a full stop, an exclamation or question mark, or its
 * line; a block such as `{% if … %}…{% endif %}` is never cut.
 */
export function sentencesOf(source: string): Sentence[] {
  const sentences: Sentence[] = [];
  let open = '';
  let depth = 0;
  let at = 0;
  const close = (stays = false) => {
    if (open !== '') sentences.push({ source: open, stays });
    open = '';
  };
  const words = (text: string) => {
    if (depth > 0) {
      open += text;
      return;
    }
    let from = 0;
    for (const { 0: end, index } of text.matchAll(sentenceEnd)) {
      open += text.slice(from, index + end.length);
      from = index + end.length;
      close();
    }
    open += text.slice(from);
  };
  for (const { 0: part, 1: ends, 2: tag, index } of source.matchAll(parts)) {
    words(source.slice(at, index));
    at = index + part.length;
    if (tag === 'assign' && depth === 0) {
      close();
      open = part;
      close(true);
      continue;
    }
    open += part;
    if (tag !== undefined && blocks.has(tag)) depth = Math.max(0, depth + (ends === undefined ? 1 : -1));
  }
  words(source.slice(at));
  close();
  return sentences;
}
