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
