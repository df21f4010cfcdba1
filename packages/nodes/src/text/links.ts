/*
 * A link as people write it into a text and phones make it one to touch: with its scheme, or a bare host of letters whose last part is
 * letters alone. Marks at the end belong to the sentence.
 */
const link =
  /(?<![\p{L}\p{N}@._-])(?:https?:\/\/(?:[^\s/@?#]*@)?)?((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+\p{L}{2,63})(?::\d{1,5})?(?=[/?#\s.,;:!)\]”"'’]|$)/giu;

/** The hosts that a text's links lead to, in the order in which they come, in small letters and as they are looked up. */
export function linkHosts(text: string): string[] {
  return [...text.matchAll(link)].flatMap(([, host]) => (host === undefined ? [] : [asciiHost(host)]));
}

function asciiHost(host: string): string {
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return host.toLowerCase();
  }
}

/** A link in a text: where it stands, by UTF-16 index, and where it leads. */
export type WrittenLink = { readonly start: number; readonly end: number; readonly target: string };

/** A bare host is a link of its own only where nobody would take it for the end of a sentence: below `www.`, or with a path. */
const otherScheme = /[/:]$/;
const tail = /^[^\s<>"“”]*/u;
const bare = /^(?:www\.|[^A-Z/]*\/)/;
const mark = /[.,;:!?'’*_]$/u;
const brackets = [
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
] as const;

/**
 * The links that a text asks people to follow, in order: each with its scheme, or a bare host in small letters that begins with `www.`
 * or goes on with a path, which leads to https. Marks and brackets that belong to the sentence are no part of them.
 */
export function writtenLinks(text: string): WrittenLink[] {
  const found: WrittenLink[] = [];
  for (const { index, 0: head } of text.matchAll(link)) {
    if (index < (found.at(-1)?.end ?? 0)) continue;
    const rest = tail.exec(text.slice(index + head.length))?.[0] ?? '';
    const whole = withoutSentence(head + rest);
    const schemed = /^https?:\/\//i.test(whole);
    if (!schemed && (!bare.test(whole) || otherScheme.test(text.slice(0, index)))) continue;
    const target = webAddress(schemed ? whole : `https://${whole}`);
    if (target !== null) found.push({ start: index, end: index + whole.length, target });
  }
  return found;
}

/** A text with each of its links replaced. */
export function replaceLinks(text: string, replace: (target: string) => string): string {
  let done = '';
  let from = 0;
  for (const { start, end, target } of writtenLinks(text)) {
    done += text.slice(from, start) + replace(target);
    from = end;
  }
  return done + text.slice(from);
}

/** An address of the web as browsers follow it; null for anything else. */
function webAddress(written: string): string | null {
  if (!URL.canParse(written)) return null;
  const { protocol, href } = new URL(written);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}

function withoutSentence(whole: string): string {
  let text = whole;
  for (;;) {
    const closing = brackets.find(([, end]) => text.endsWith(end));
    const unmatched = closing !== undefined && text.split(closing[1]).length > text.split(closing[0]).length;
    if (!unmatched && !mark.test(text)) return text;
    text = text.slice(0, -1);
  }
}

/** Characters of a short link's code: letters of either case and digits. */
export const linkCodeLength = 9;
const codePattern = new RegExp(`^[0-9A-Za-z]{${linkCodeLength}}$`);

/** Whether a text could be a short link's code. */
export function isLinkCode(text: string): boolean {
  return codePattern.test(text);
}

/** A short link to reckon with where the workspace's domain is not known. */
export const reckonedShortLink = `https://go.example.com/${'0'.repeat(linkCodeLength)}`;
