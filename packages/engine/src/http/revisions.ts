import { ProblemError } from './problems.ts';

/** The ETag of a revision. */
export function tagOf(revision: number | string): string {
  return `"${revision}"`;
}

/**
 * Compares If-Match with the revision as it stands; `*` fits any.
 *
 * @param current gives the document for the answer where it is stale.
 * @throws ProblemError `revision_required` or `stale`.
 */
export function requireMatch(header: string | undefined, revision: number | string, current: () => unknown): void {
  if (header === undefined) throw new ProblemError('revision_required');
  if (header.trim() === '*') return;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (!tags.includes(tagOf(revision))) throw new ProblemError('stale', { current: current() });
}
