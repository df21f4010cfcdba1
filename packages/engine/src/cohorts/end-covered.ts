import type { ConsentMethod } from '@signalbox/nodes/define/consent-codes';
import { sql } from 'kysely';
import type { Work } from '../db/work.ts';
import { isReadable, type LoadedVersion, loadOrBare, type VersionCache } from '../versions/version-cache.ts';
import { type EndingEnrollment, endEnrollments } from './end-enrollments.ts';

/**
 * Ends the passages of people who took back consent to `purpose`, as far as that covers them: those in which every text that can still
 * come is of a purpose that they took back, this one among them. A passage that can still bring a text of another purpose goes on, and the
 * gate refuses the others of it; so does one without texts, and one of a flow in code, which tells nobody what it will send. The
 * contacts must be locked, and their consents written.
 *
 * @returns `wake`: code runs in which somebody waited, to be woken after the commit (`Arrived.wake`).
 */
export async function endCovered(
  deps: { readonly versions: VersionCache },
  work: Work,
  contactIds: readonly string[],
  { purpose, method }: { readonly purpose: string; readonly method: ConsentMethod },
): Promise<{ readonly flowIds: readonly string[]; readonly wake: readonly string[] }> {
  const { tx, workspaceId } = work;
  const rows = await sql<{
    id: string;
    flow_id: string;
    version_id: string;
    hop: number;
    step: number;
    event_id: string | null;
    revoked: string[];
  }>`
    SELECT e.id, e.flow_id, e.version_id, e.hop, e.step, e.event_id, ARRAY(
        SELECT c.purpose FROM consents c WHERE c.workspace_id = ${workspaceId} AND c.contact_id = e.contact_id AND c.state = 'revoked'
      ) AS revoked
    FROM enrollments e
    WHERE e.workspace_id = ${workspaceId} AND e.contact_id = ANY(${[...contactIds]}::uuid[]) ORDER BY e.id FOR NO KEY UPDATE OF e`.execute(
    tx,
  );
  const ahead = new Map<string, ReadonlySet<string> | null>();
  const covered: EndingEnrollment[] = [];
  for (const row of rows.rows) {
    const place = `${row.version_id}/${row.step}`;
    let purposes = ahead.get(place);
    if (purposes === undefined) {
      const version = await loadOrBare(deps.versions, work, { id: row.version_id, flowId: row.flow_id });
      purposes = purposesAhead(version, row.step);
      ahead.set(place, purposes);
    }
    if (purposes === null || !purposes.has(purpose) || ![...purposes].every((each) => row.revoked.includes(each)))
      continue;
    const { id, flow_id: flowId, version_id: versionId, hop, step, event_id: eventId } = row;
    covered.push({ id, flowId, versionId, hop, step, eventId });
  }
  const reason = { code: 'consent_taken_back', values: { purpose, method } };
  const { wake } = await endEnrollments(deps, work, covered, 'stopped', reason);
  return { flowIds: [...new Set(covered.map(({ flowId }) => flowId))], wake };
}

/** Purposes of the texts that can still come to somebody who stands at a step; null where this build cannot tell. */
function purposesAhead(version: LoadedVersion, from: number): ReadonlySet<string> | null {
  if (version.workflow !== null) return null;
  const purposes = new Set<string>();
  const seen = new Set([from]);
  for (const rank of seen) {
    const step = version.steps[rank];
    if (step === undefined || !isReadable(step)) return null;
    const use = step.bound.consent();
    if (use?.kind === 'needs') purposes.add(use.purpose);
    for (const { to } of step.outlets) if (to !== null) seen.add(to);
  }
  return purposes;
}
