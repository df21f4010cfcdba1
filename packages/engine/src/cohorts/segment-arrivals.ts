import { personNumber } from '@signalbox/nodes/text/phone-number';
import { sql } from 'kysely';
import { writeFeed } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import { loadReadable } from '../versions/version-cache.ts';
import { type ArrivalDeps, enroll } from './arrivals.ts';
import { type RunRef, runSize } from './run-ref.ts';

/** Who came into a segment and who left it. */
export type SegmentArrival = {
  readonly segmentId: string;
  readonly entered: readonly string[];
  readonly left: readonly string[];
};

type Row = { flow_id: string; version_id: string; step: number; value: string };

/** Lets people into the live flows that are started by their coming into a segment, or by their leaving it. */
export async function arriveBySegments(
  deps: ArrivalDeps,
  work: Work,
  arrivals: readonly SegmentArrival[],
): Promise<RunRef[]> {
  const { tx, workspaceId } = work;
  const people = new Map<string, readonly string[]>();
  for (const { segmentId, entered, left } of arrivals) {
    if (entered.length > 0) people.set(`entered ${shown('segment', segmentId)}`, entered);
    if (left.length > 0) people.set(`left ${shown('segment', segmentId)}`, left);
  }
  if (people.size === 0) return [];
  const triggers = await sql<Row>`
    SELECT t.flow_id, t.version_id, t.step, t.value FROM flow_triggers t
    JOIN flows f ON f.workspace_id = t.workspace_id AND f.id = t.flow_id AND f.state IN ('live', 'paused')
    WHERE t.workspace_id = ${workspaceId} AND t.kind = 'segment' AND t.value = ANY(${[...people.keys()]}::text[]) ORDER BY t.flow_id`.execute(
    tx,
  );
  const runs: RunRef[] = [];
  for (const { flow_id: flowId, version_id: versionId, step, value } of triggers.rows) {
    // A version of another form lets nobody in, and keeps none of the others from doing so.
    const version = await loadReadable(deps.versions, work, versionId);
    if (version === null) continue;
    const ids = await textable(work, people.get(value) ?? []);
    for (let start = 0; start < ids.length; start += runSize) {
      const contactIds = ids.slice(start, start + runSize);
      const { enrolled, runs: made } = await enroll(deps, work, {
        version,
        triggerStep: step,
        contactIds,
        eventId: null,
      });
      runs.push(...made);
      if (enrolled > 0) await writeFeed(work, { flowIds: [flowId], contactIds, counts: true });
    }
  }
  return runs;
}

/** Short codes and names that texted us are nobody to text: no flow takes them. */
async function textable({ tx, workspaceId }: Work, contactIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM contacts WHERE workspace_id = ${workspaceId} AND id = ANY(${[...contactIds]}::uuid[]) AND phone ~ ${personNumber} ORDER BY id`.execute(
    tx,
  );
  return rows.map(({ id }) => id);
}
