import { fail } from '@signalbox/nodes/define/decision';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { isAttributesLimit } from '../contacts/attribute-limits.ts';
import { type Db, inWorkspace, isDataError, sqlState, type WorkspaceTx } from '../db/database.ts';
import { writeFeed } from '../db/feed.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FailPoints } from '../runtime/fail-points.ts';
import type { Ids } from '../runtime/ids.ts';
import {
  isReadable,
  type LoadedStep,
  type LoadedVersion,
  loadReadable,
  stepAt,
  unreadableVersion,
  type VersionCache,
  VersionUnreadableError,
} from '../versions/version-cache.ts';
import { applyPlan } from './apply.ts';
import { CallMismatchError, closeCall, emptyResult, openCall } from './call-ledger.ts';
import { type CohortRow, lockCohorts, lockContacts } from './cohort-rows.ts';
import { type Collected, createCollectingPorts, discard, discardAll } from './collecting-ports.ts';
import { type Decided, decide } from './decide.ts';
import { endPositions, holdPositions } from './end-positions.ts';
import { type PauseCause, pauseForTrouble } from './flow-state.ts';
import { holdForReason } from './hold.ts';
import { mergePlans, type Plan, planStep, wakeUps } from './plan.ts';
import { runAhead } from './run-ahead.ts';
import type { StepCall, StepResult } from './run-contract.ts';
import { setAside } from './set-aside.ts';

export type CohortDeps = {
  readonly db: Db;
  readonly versions: VersionCache;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  readonly failPoints: FailPoints;
  /** Called after a commit that queued messages. */
  readonly onQueued: (workspaceId: string) => void;
  /** Called after every commit that moved people: whoever shows counts hears of it. */
  readonly onMoved: (workspaceId: string) => void;
};

/** A code flow's call met a pause: the call is tried again until the flow goes on. */
export class FlowPausedError extends Error {
  override readonly name = 'FlowPausedError';
}

/** Too many of a code flow's people failed for one reason: nothing is written, and the flow pauses in a transaction of its own. */
class AudienceFailedError extends Error {
  override readonly name = 'AudienceFailedError';
  readonly flowId: string;
  readonly pauseCause: PauseCause;
  constructor(flowId: string, cause: PauseCause) {
    super('Too many people failed for one reason.');
    this.flowId = flowId;
    this.pauseCause = cause;
  }
}

/** More failures of one unexpected kind than this, or over half of a cohort, hold the step instead (protocol 7). */
const mostFailures = 20;
const smallestAudience = 10;

/**
 * Moves whole cohorts one step in one transaction: effect and move commit together, under a ledger entry that makes every
 * repeat return the stored result (protocol 1). Statements do not grow with the cohort.
 */
export async function runStep(deps: CohortDeps, call: StepCall): Promise<StepResult> {
  try {
    return await moveCohorts(deps, call);
  } catch (error) {
    if (!(error instanceof AudienceFailedError)) throw error;
    // The people stay where they are, in their run: once the flow goes on, the same call does.
    await inWorkspace(deps.db, call.workspaceId, (tx) =>
      pauseForTrouble({ tx, workspaceId: call.workspaceId, now: new Date(call.now) }, error.flowId, error.pauseCause),
    );
    throw new FlowPausedError();
  }
}

async function moveCohorts(deps: CohortDeps, call: StepCall): Promise<StepResult> {
  let queued = false;
  const result = await inWorkspace(deps.db, call.workspaceId, async (tx) => {
    queued = false;
    const opened = await openCall(tx, call);
    await deps.failPoints.reach('step.after_ledger');
    if (opened.kind === 'repeat') return opened.result;
    if (opened.kind === 'nothing') return emptyResult;
    if (opened.kind === 'mismatch')
      throw new CallMismatchError(`Call ${call.call} of run ${call.runId} was another one.`);
    if (opened.kind === 'closed') {
      await closeCall(tx, call, emptyResult, false);
      return emptyResult;
    }
    const known = await loadReadable(deps.versions, { tx, workspaceId: call.workspaceId }, opened.versionId);
    const version = known ?? unreadableVersion(opened.versionId, opened.flowId);
    const step = known === null || call.step < 0 ? null : stepAt(version, call.step);
    const unreadable = known === null || (step !== null && !isReadable(step));
    if (!unreadable && step?.node.effect === 'contact')
      await lockContacts({ tx, workspaceId: call.workspaceId }, call.runId, call.cohorts);
    const rows = await lockCohorts({ tx, workspaceId: call.workspaceId }, call.runId, call.cohorts);
    const now = new Date(call.now);
    let outcome: StepResult;
    if (opened.flowState === 'paused' && call.code === true) throw new FlowPausedError();
    if (unreadable && call.code === true && opened.flowState !== 'stopped')
      throw new VersionUnreadableError(`Step ${call.step} of version ${opened.versionId} cannot be run.`);
    if (opened.flowState === 'paused' && step !== null) {
      outcome = await hold(deps, tx, call, version, rows, now);
    } else if (opened.flowState === 'stopped') {
      await endPositions(
        { tx, workspaceId: call.workspaceId, now },
        version,
        rows,
        'stopped',
        { code: 'flow_stopped' },
        Math.max(0, call.step),
      );
      outcome = { ...emptyResult, ended: rows.length };
    } else if (unreadable) {
      deps.log.error(
        { version: version.id, step: call.step, people: rows.length },
        'people held: this build cannot run their step',
      );
      await holdForReason(
        { tx, workspaceId: call.workspaceId },
        rows.map((row) => row.id),
        'version_unreadable',
      );
      outcome = { ...emptyResult, held: rows.length };
    } else {
      const worked = await work(deps, tx, call, version, rows, now);
      outcome = worked.result;
      queued = worked.queued;
    }
    await closeCall(tx, call, outcome, opened.unstarted);
    await deps.failPoints.reach('step.before_commit');
    return outcome;
  });
  await deps.failPoints.reach('step.after_commit');
  if (queued) deps.onQueued(call.workspaceId);
  deps.onMoved(call.workspaceId);
  return result;
}

async function work(
  deps: CohortDeps,
  tx: WorkspaceTx,
  call: StepCall,
  version: LoadedVersion,
  rows: readonly CohortRow[],
  now: Date,
): Promise<{ result: StepResult; queued: boolean }> {
  const step = call.step < 0 ? null : stepAt(version, call.step);
  const ports = createCollectingPorts({
    tx,
    workspaceId: call.workspaceId,
    flowId: version.flowId,
    now,
    ids: deps.ids,
  });
  const decideAt = (at: LoadedStep, people: readonly CohortRow[]) =>
    decide({ step: at, rows: people, ports, now, monotonic: deps.clock.monotonic });
  const everyone = step === null ? rows.map(endOfLine) : await decideAt(step, rows);
  const { limited } = ports.collected;
  const decided = limited.size === 0 ? everyone : everyone.filter(({ row }) => !limited.has(row.id));
  const stopped = rows.filter((row) => limited.has(row.id));
  await deps.failPoints.reach('step.between_read_and_write');
  const holdFor = async (code: string): Promise<{ result: StepResult; queued: boolean }> => {
    deps.log.error({ flow: version.flowId, step: step?.id, code }, 'step held: too many people failed for one reason');
    const cause: PauseCause = { step: step?.id ?? '', code };
    if (call.code === true) throw new AudienceFailedError(version.flowId, cause);
    await pauseForTrouble({ tx, workspaceId: call.workspaceId, now }, version.flowId, cause);
    return { result: await hold(deps, tx, call, version, rows, now), queued: false };
  };
  const trouble = commonFailure(decided);
  if (trouble !== null && step !== null) return holdFor(trouble);

  const context = { tx, workspaceId: call.workspaceId, flowId: version.flowId, runId: call.runId, now, ids: deps.ids };
  const { collected } = ports;
  await sql`SAVEPOINT step`.execute(tx);

  /** The whole call at once, with what runs ahead of it; null where somebody's data cannot be stored. */
  const applyAhead = async (): Promise<StepResult | null> => {
    if (step === null || step.node.effect !== 'none' || !call.alone || call.code === true) return null;
    const stages = await runAhead({
      version,
      first: { step, decided, firstCohort: call.firstCohort },
      now,
      decide: decideAt,
      refuses: (later) => commonFailure(later) !== null || later.some(({ row }) => limited.has(row.id)),
      discard: (row) => discard(collected, row),
    });
    if (stages.length === 1) return null;
    try {
      const plan = mergePlans(stages.map((stage) => planStep({ version, now, ...stage })));
      await applyPlan(context, plan, collected);
      return plan.result;
    } catch (error) {
      if (dataError(error) === null) throw error;
      // The step itself has no effects: what was collected belongs to later ones, which get calls of their own.
      await sql`ROLLBACK TO SAVEPOINT step`.execute(tx);
      discardAll(collected);
      return null;
    }
  };

  const allWakeUps = wakeUps(decided, now);
  const plan = (part: readonly Decided[]): Plan =>
    planStep({
      version,
      step,
      decided: part,
      firstCohort: call.firstCohort,
      now,
      stays: call.code === true,
      goesOn: call.settle === false,
      wakeUps: allWakeUps,
    });
  const collectedOf = (part: readonly Decided[]): Collected => {
    if (part.length === decided.length) return collected;
    const inPart = new Set(part.map((entry) => entry.row));
    return {
      senders: collected.senders,
      messages: new Map([...collected.messages].filter(([, entry]) => inPart.has(entry.row))),
      consents: collected.consents.filter((entry) => inPart.has(entry.row)),
      profile: new Map([...collected.profile].filter(([, entry]) => inPart.has(entry.row))),
      limited,
    };
  };

  let unstorable = 0;
  const apply = async (part: readonly Decided[], nested: boolean): Promise<Plan[]> => {
    if (nested) await sql`SAVEPOINT part`.execute(tx);
    try {
      const planned = plan(part);
      await applyPlan(context, planned, collectedOf(part));
      return [planned];
    } catch (error) {
      const code = dataError(error);
      if (code === null) throw error;
      await sql`ROLLBACK TO SAVEPOINT ${sql.raw(nested ? 'part' : 'step')}`.execute(tx);
      const only = part[0];
      if (part.length === 1 && only !== undefined) {
        unstorable += 1;
        if (isCommon(unstorable, decided.length)) throw new TooManyFailures();
        discard(collected, only.row);
        const failed = plan([
          {
            row: only.row,
            decision: fail(
              isAttributesLimit(error)
                ? { code: 'attributes_limit' }
                : { code: 'data_error', values: { sqlstate: code } },
            ),
            thrown: true,
          },
        ]);
        try {
          await applyPlan(context, failed, {
            senders: null,
            messages: new Map(),
            consents: [],
            profile: new Map(),
            limited,
          });
        } catch (again) {
          if (!isDataError(again)) throw again;
          await sql`ROLLBACK TO SAVEPOINT ${sql.raw(nested ? 'part' : 'step')}`.execute(tx);
          return [{ ...plan([]), result: await setAside(tx, call, [only.row]) }];
        }
        return [failed];
      }
      const middle = Math.ceil(part.length / 2);
      return [...(await apply(part.slice(0, middle), true)), ...(await apply(part.slice(middle), true))];
    }
  };

  let result = await applyAhead();
  if (result === null) {
    try {
      const plans = decided.length === 0 ? [plan([])] : await apply(decided, false);
      result = mergeResults(plans.map((planned) => planned.result));
    } catch (error) {
      if (!(error instanceof TooManyFailures)) throw error;
      await sql`ROLLBACK TO SAVEPOINT step`.execute(tx);
      return holdFor('data_error');
    }
  }
  if (stopped.length > 0) {
    deps.log.error(
      { flow: version.flowId, step: step?.id, people: stopped.length },
      'people held: too many texts of one flow within an hour',
    );
    result = mergeResults([result, await setAside(tx, call, stopped, 'too_many_texts')]);
  }
  await writeFeed(
    { tx, workspaceId: call.workspaceId, now },
    { flowIds: [version.flowId], contactIds: rows.map((row) => row.contact.id), counts: true },
  );
  return { result, queued: collected.messages.size > 0 };
}

/** People woken at an outlet that leads nowhere. */
function endOfLine(row: CohortRow): Decided {
  return { row, decision: { kind: 'end', reason: { code: 'end_of_line' } }, thrown: false };
}

/** So many people's data could not be stored that the step is at fault. */
class TooManyFailures extends Error {
  override readonly name = 'TooManyFailures';
}

async function hold(
  deps: CohortDeps,
  tx: WorkspaceTx,
  call: StepCall,
  version: LoadedVersion,
  rows: readonly CohortRow[],
  now: Date,
): Promise<StepResult> {
  await holdPositions({ tx, workspaceId: call.workspaceId, now }, version, rows, call.step);
  deps.log.info({ flow: version.flowId, people: rows.length }, 'people held by a pause');
  return { ...emptyResult, held: rows.length };
}

/** A bug in a node must not burn an audience: the code that too many unexpected failures share, or null. */
function commonFailure(decided: readonly Decided[]): string | null {
  if (decided.length < smallestAudience) return null;
  const codes = new Map<string, number>();
  for (const { decision } of decided) {
    if (decision.kind === 'fail') codes.set(decision.reason.code, (codes.get(decision.reason.code) ?? 0) + 1);
  }
  for (const [code, failures] of codes) if (code !== 'loop' && isCommon(failures, decided.length)) return code;
  return null;
}

function isCommon(failures: number, people: number): boolean {
  return people >= smallestAudience && (failures > mostFailures || failures > people / 2);
}

function dataError(error: unknown): string | null {
  const state = sqlState(error);
  if (state !== null) return isDataError(error) ? state : null;
  return error instanceof Error && error.message.startsWith('Node ') ? 'node' : null;
}

function mergeResults(results: readonly StepResult[]): StepResult {
  const first = results[0] ?? emptyResult;
  if (results.length <= 1) return first;
  const outlets = new Map<number, StepResult['outlets'][number]>();
  const sleeping = new Map<number, StepResult['sleeping'][number]>();
  const sums = { parked: 0, ended: 0, failed: 0, held: 0 };
  for (const result of results) {
    for (const entry of result.outlets)
      outlets.set(entry.cohort, { ...entry, size: entry.size + (outlets.get(entry.cohort)?.size ?? 0) });
    for (const entry of result.sleeping)
      sleeping.set(entry.cohort, { ...entry, size: entry.size + (sleeping.get(entry.cohort)?.size ?? 0) });
    sums.parked += result.parked;
    sums.ended += result.ended;
    sums.failed += result.failed;
    sums.held += result.held;
  }
  return { outlets: [...outlets.values()], sleeping: [...sleeping.values()], ...sums };
}
