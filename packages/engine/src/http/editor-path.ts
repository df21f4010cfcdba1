/** Paths that are never the editor's: an unknown one below them is an answer of its own, not a page. */
const reserved = /^\/(api|l|webhooks|demo|healthz|readyz|metrics)(\/|$)/;

/** Whether an address is the editor's: its page, or one of its files. */
export function isEditorPath(path: string): boolean {
  return !reserved.test(path);
}
