import type { Problem } from '@signalbox/engine/http/contract';

/** A problem as a form shows it. */
type Note = { readonly severity: 'error'; readonly title: string; readonly action: string };

/** What the server objects to in one field, by its path in the request: `name`, `fields.api_key`. */
export function fieldNotes(problem: Problem | null, path: string): Note[] {
  return (problem?.errors ?? [])
    .filter((error) => error.path.join('.') === path)
    .map(({ message }) => ({ severity: 'error', title: message, action: '' }));
}

/**
 * What stands above a form: a problem that none of its fields shows, and what to do where somebody else changed the same meanwhile.
 *
 * @returns null where the fields show all of it.
 */
export function formNote(
  problem: Problem | null,
  fields: readonly string[],
  stale: { readonly title: string; readonly action: string },
): Note | null {
  if (problem === null) return null;
  if (problem.status === 412) return { severity: 'error', ...stale };
  const errors = problem.errors ?? [];
  const placed = errors.length > 0 && errors.every(({ path }) => fields.includes(path.join('.')));
  return placed ? null : { severity: 'error', title: `${problem.title}.`, action: problem.action };
}
