import { sql } from 'kysely';
import { scalarArray, uuidArray } from '../db/array-literals.ts';
import { type FlowState, positionState } from '../db/states.ts';
import type { Scope, Work } from '../db/work.ts';
import type { Ids } from '../runtime/ids.ts';
import { type CountDeltas, count, writeCounts } from '../versions/counts.ts';
import { type LoadedVersion, loadReadable, stepAt, type VersionCache } from '../versions/version-cache.ts';
import type { Arrival } from './arrival.ts';
import { endPositions } from './end-positions.ts';
import { holdArrivals } from './hold.ts';
import { type Finished, finishPositions, type PathEntry, writePath } from './positions.ts';
import type { RunBook } from './run-book.ts';
import { interactiveSize, noRuns, type RunRef, runSize } from './run-ref.ts';

export type ArrivalDeps = {
  readonly versions: VersionCache;
  readonly ids: Ids;
  /** Where arrivals of one transaction come in several calls: the runs they share. The caller flushes it and starts them. */
  readonly book?: RunBook;
};

export type Arrived = {
  readonly runs: readonly RunRef[];
  /** Code runs in which somebody left a wait: to be woken once nobody waits any more. */
  readonly wake: readonly string[];
};

type Landing = {
  id: string;
  runId: string | null;
  state: number;
  step: number;
  cohort: number;
  eventId: string | null;
};

/**
 * Moves people over their outlet, whatever made them ready: one run per place (version, step), frozen by this commit
 * (protocol 11). An outlet that leads nowhere ends the enrollment here; a paused flow holds, a stopped one ends.
 * A fixed number of statements per flow version, however many people.
 */
export async function arrive(deps: ArrivalDeps, work: Work, arrivals: readonly Arrival[]): Promise<Arrived> {
  const runs: RunRef[] = [];
  const wake = new Set<string>();
  const byVersion = Map.groupBy(arrivals, (arrival) => arrival.versionId);
  for (const [versionId, group] of byVersion) {
    for (const { codeRun } of group) if (codeRun !== null) wake.add(codeRun.runId);
    const version = await loadReadable(deps.versions, work, versionId);
    if (version === null) {
      await holdArrivals(work, group);
      continue;
    }
    const state = await flowState(work, version.flowId);
    if (state === 'stopped') {
      await endPositions(work, version, group, 'stopped', { code: 'flow_stopped' });
      continue;
    }
    const counts: CountDeltas = new Map();
    const path: PathEntry[] = [];
    const finished: Finished[] = [];
    const landings: Landing[] = [];
    const places = new Map<number, Arrival[]>();
    for (const arrival of group) {
      const from = stepAt(version, arrival.step);
      const outlet = from.outlets[arrival.outlet];
      path.push({
        enrollmentId: arrival.id,
        hop: arrival.hop,
        step: arrival.step,
        outlet: arrival.outlet,
        eventId: arrival.eventId,
        reason: arrival.reason,
      });
      count(counts, from.id, 'left');
      count(counts, from.id, `out:${outlet?.id ?? ''}`);
      if (arrival.codeRun !== null) {
        landings.push({
          id: arrival.id,
          runId: arrival.codeRun.runId,
          state: positionState.ready,
          step: arrival.step,
          cohort: arrival.codeRun.cohort + arrival.outlet,
          eventId: arrival.eventId,
        });
      } else if (outlet === undefined || outlet.to === null) {
        finished.push({ id: arrival.id, outcome: 'finished', step: arrival.step, reason: null });
      } else {
        count(counts, stepAt(version, outlet.to).id, 'entered');
        const people = places.get(outlet.to) ?? [];
        people.push(arrival);
        places.set(outlet.to, people);
      }
    }
    for (const [to, people] of places) {
      for (let start = 0; start < people.length; start += runSize) {
        const part = people.slice(start, start + runSize);
        const runId =
          state === 'paused' ? null : await landingRun(deps, work, { version, step: to, size: part.length }, runs);
        for (const person of part) {
          landings.push({
            id: person.id,
            runId,
            state: runId === null ? positionState.held : positionState.ready,
            step: to,
            cohort: 0,
            eventId: person.eventId,
          });
        }
      }
    }
    await land(work, landings);
    await writePath(work, path);
    await finishPositions(work, finished);
    await writeCounts(work, version.flowId, counts);
  }
  return { runs, wake: [...wake] };
}

/** The run that people landing at a place go into: shared through the book, or a new one. */
async function landingRun(
  deps: ArrivalDeps,
  work: Work,
  place: Parameters<typeof createRun>[2],
  made: RunRef[],
): Promise<string> {
  if (deps.book !== undefined) return deps.book.place(place.version, place.step, place.size);
  const run = await createRun(deps, work, place);
  made.push(run);
  return run.runId;
}

async function land(work: Scope, landings: readonly Landing[]): Promise<void> {
  const { tx, workspaceId } = work;
  if (landings.length === 0) return;
  const column = <K extends keyof Landing>(key: K) => landings.map((landing) => landing[key]);
  await sql`
    UPDATE enrollments e SET state = x.state, run_id = x.run_id, cohort = x.cohort, step = x.step, hop = e.hop + 1,
      event_id = coalesce(x.event_id, e.event_id), waiting_event = NULL, waiting_message_id = NULL, due_at = NULL, due_outlet = NULL, arrived_outlet = NULL
    FROM unnest(
      ${uuidArray(column('id'))}::uuid[], ${uuidArray(column('runId'))}::uuid[], ${scalarArray(column('state'))}::smallint[],
      ${scalarArray(column('step'))}::smallint[], ${scalarArray(column('cohort'))}::int[], ${uuidArray(column('eventId'))}::uuid[]
    ) AS x(id, run_id, state, step, cohort, event_id)
    WHERE e.workspace_id = ${workspaceId} AND e.id = x.id`.execute(tx);
}

/** The flow's flag, under the share lock that a pause waits for. */
export async function flowState(work: Scope, flowId: string): Promise<FlowState> {
  const { tx, workspaceId } = work;
  const rows = await sql<{ state: FlowState }>`
    SELECT state FROM flows WHERE workspace_id = ${workspaceId} AND id = ${flowId} FOR SHARE`.execute(tx);
  return rows.rows[0]?.state ?? 'stopped';
}

/** Inserts an unstarted run at a place. */
export async function createRun(
  deps: ArrivalDeps,
  { tx, workspaceId, now }: Work,
  run: { readonly version: LoadedVersion; readonly step: number; readonly size: number },
): Promise<RunRef> {
  const runId = deps.ids.uuid();
  const kind = run.size <= interactiveSize ? 'interactive' : 'bulk';
  await sql`
    INSERT INTO runs (workspace_id, id, flow_id, version_id, lane, step, size, created_at)
    VALUES (${workspaceId}, ${runId}, ${run.version.flowId}, ${run.version.id}, ${kind}, ${run.step}, ${run.size}, ${now})`.execute(
    tx,
  );
  const step = stepAt(run.version, run.step);
  return { workspaceId, runId, kind, step: run.step, label: `${step.type} ${step.id}` };
}

export type Enrolled = { readonly enrolled: number; readonly alreadyInFlow: number; readonly runs: readonly RunRef[] };

/**
 * Lets people in at a trigger step: a position each, past the trigger, in one new run. Someone already in the flow is left
 * where they are (protocol 19).
 */
export async function enroll(
  deps: ArrivalDeps,
  work: Work,
  request: {
    readonly version: LoadedVersion;
    readonly triggerStep: number;
    readonly contactIds: readonly string[];
    readonly eventId: string | null;
  },
): Promise<Enrolled> {
  const { tx, workspaceId, now } = work;
  const { version } = request;
  const trigger = stepAt(version, request.triggerStep);
  const to = trigger.outlets[0]?.to ?? null;
  if (to === null || request.contactIds.length === 0) return { enrolled: 0, alreadyInFlow: 0, runs: noRuns };
  const paused = (await flowState({ tx, workspaceId }, version.flowId)) === 'paused';
  const size = request.contactIds.length;
  const runs: RunRef[] = [];
  const runId = paused ? null : await landingRun(deps, work, { version, step: to, size }, runs);
  const inserted = await sql<{ id: string }>`
    INSERT INTO enrollments (workspace_id, id, flow_id, version_id, contact_id, run_id, event_id, started_at, hop, cohort, state, step)
    SELECT ${workspaceId}::uuid, x.id, ${version.flowId}::uuid, ${version.id}::uuid, x.contact_id, ${runId}::uuid,
      ${request.eventId}::uuid, ${now}, 1, 0, ${runId === null ? positionState.held : positionState.ready}, ${to}
    FROM unnest(${uuidArray(request.contactIds.map(() => deps.ids.uuid()))}::uuid[], ${uuidArray(request.contactIds)}::uuid[]) WITH ORDINALITY AS x(id, contact_id, place)
    ORDER BY x.place
    ON CONFLICT (workspace_id, contact_id, flow_id) DO NOTHING
    RETURNING id`.execute(tx);
  const enrolled = inserted.rows.length;
  if (runId !== null && deps.book !== undefined) deps.book.giveBack(runId, size - enrolled);
  if (enrolled === 0) {
    if (runId !== null && deps.book === undefined) {
      await sql`DELETE FROM runs WHERE workspace_id = ${workspaceId} AND id = ${runId}`.execute(tx);
    }
    return { enrolled: 0, alreadyInFlow: size, runs: noRuns };
  }
  await writePath(
    { tx, workspaceId, now },
    inserted.rows.map((row) => ({
      enrollmentId: row.id,
      hop: 0,
      step: trigger.rank,
      outlet: 0,
      eventId: request.eventId,
      reason: null,
    })),
  );
  const counts: CountDeltas = new Map();
  count(counts, trigger.id, 'entered', enrolled);
  count(counts, trigger.id, 'left', enrolled);
  count(counts, trigger.id, `out:${trigger.outlets[0]?.id ?? ''}`, enrolled);
  count(counts, stepAt(version, to).id, 'entered', enrolled);
  await writeCounts({ tx, workspaceId, now }, version.flowId, counts);
  return { enrolled, alreadyInFlow: size - enrolled, runs };
}
