import { sql } from 'kysely';
import type { Logger } from 'pino';
import { type Db, inWorkspace } from '../db/database.ts';
import { writeFeed } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import type { LinkMaker } from '../links/shorten.ts';
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
import { commonFailure } from './common-failures.ts';
import { type Decided, decide } from './decide.ts';
import { endPositions, holdPositions } from './end-positions.ts';
import { type PauseCause, pauseForTrouble } from './flow-state.ts';
import { holdForReason } from './hold.ts';
import { mergePlans, planStep } from './plan.ts';
import type { Plan } from './plan-types.ts';
import { runAhead } from './run-ahead.ts';
import type { StepCall, StepResult } from './run-contract.ts';
import { setAside } from './set-aside.ts';
import { openStepPorts } from './step-ports.ts';
import { dataError, mergeResults, storeDecisions, TooManyFailures } from './store-decisions.ts';
import { wakeUps } from './wake-ups.ts';

export type CohortDeps = {
  readonly db: Db;
  readonly versions: VersionCache;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly links: LinkMaker;
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
    deps.onMoved(call.workspaceId);
    throw new FlowPausedError();
  }
}

async function moveCohorts(deps: CohortDeps, call: StepCall): Promise<StepResult> {
  let committed = (): void => {};
  const result = await inWorkspace(deps.db, call.workspaceId, async (tx) => {
    const scope: Work = { tx, workspaceId: call.workspaceId, now: new Date(call.now) };
    committed = () => {};
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
    const known = await loadReadable(deps.versions, scope, opened.versionId);
    const version = known ?? unreadableVersion(opened.versionId, opened.flowId);
    const step = known === null || call.step < 0 ? null : stepAt(version, call.step);
    const unreadable = known === null || (step !== null && !isReadable(step));
    if (!unreadable && step?.node.effect === 'contact') await lockContacts(scope, call.runId, call.cohorts);
    const rows = await lockCohorts(scope, call.runId, call.cohorts);
    let outcome: StepResult;
    if (opened.flowState === 'paused' && call.code === true) throw new FlowPausedError();
    if (unreadable && call.code === true && opened.flowState !== 'stopped')
      throw new VersionUnreadableError(`Step ${call.step} of version ${opened.versionId} cannot be run.`);
    if (opened.flowState === 'paused' && step !== null) {
      outcome = await hold(deps, scope, call, version, rows);
    } else if (opened.flowState === 'stopped') {
      await endPositions(scope, version, rows, 'stopped', { code: 'flow_stopped' }, Math.max(0, call.step));
      outcome = { ...emptyResult, ended: rows.length };
    } else if (unreadable) {
      deps.log.error(
        { version: version.id, step: call.step, people: rows.length },
        'people held: this build cannot run their step',
      );
      await holdForReason(
        scope,
        rows.map((row) => row.id),
        'version_unreadable',
      );
      outcome = { ...emptyResult, held: rows.length };
    } else {
      const worked = await moveOn(deps, scope, call, version, rows);
      outcome = worked.result;
      committed = worked.committed;
    }
    await closeCall(tx, call, outcome, opened.unstarted);
    await deps.failPoints.reach('step.before_commit');
    return outcome;
  });
  await deps.failPoints.reach('step.after_commit');
  committed();
  deps.onMoved(call.workspaceId);
  return result;
}

/** What a call did, and what is to be told once it is committed. */
type Worked = { readonly result: StepResult; readonly committed: () => void };

async function moveOn(
  deps: CohortDeps,
  work: Work,
  call: StepCall,
  version: LoadedVersion,
  rows: readonly CohortRow[],
): Promise<Worked> {
  const { tx, now } = work;
  const step = call.step < 0 ? null : stepAt(version, call.step);
  const ports = openStepPorts({
    ...work,
    flowId: version.flowId,
    version: version.number,
    isCampaign: version.isCampaign,
    ids: deps.ids,
    links: deps.links,
    onQueued: () => deps.onQueued(call.workspaceId),
  });
  const decideAt = (at: LoadedStep, people: readonly CohortRow[]) =>
    decide({ step: at, salt: version.salt, rows: people, ports, now, monotonic: deps.clock.monotonic });
  const everyone = step === null ? rows.map(endOfLine) : await decideAt(step, rows);
  const decided = everyone.filter(({ row }) => ports.reasonToHold(row) === null);
  const stopped = rows.filter((row) => ports.reasonToHold(row) !== null);
  await deps.failPoints.reach('step.between_read_and_write');
  const holdFor = async (code: string): Promise<Worked> => {
    deps.log.error({ flow: version.flowId, step: step?.id, code }, 'step held: too many people failed for one reason');
    const cause: PauseCause = { step: step?.id ?? '', code };
    if (call.code === true) throw new AudienceFailedError(version.flowId, cause);
    await pauseForTrouble(work, version.flowId, cause);
    return { result: await hold(deps, work, call, version, rows), committed: () => {} };
  };
  const trouble = commonFailure(decided);
  if (trouble !== null && step !== null) return holdFor(trouble);

  const context = { ...work, flowId: version.flowId, runId: call.runId };
  await sql`SAVEPOINT step`.execute(tx);

  /** The whole call at once, with what runs ahead of it; null where somebody's data cannot be stored. */
  const applyAhead = async (): Promise<StepResult | null> => {
    if (step === null || step.node.effect !== 'none' || !call.alone || call.code === true) return null;
    const stages = await runAhead({
      version,
      first: { step, decided, firstCohort: call.firstCohort },
      now,
      decide: decideAt,
      refuses: (later) => commonFailure(later) !== null || later.some(({ row }) => ports.reasonToHold(row) !== null),
      discard: (row) => ports.discard([row]),
    });
    if (stages.length === 1) return null;
    try {
      const plan = mergePlans(stages.map((stage) => planStep({ version, now, ...stage })));
      await ports.write(rows);
      await applyPlan(context, plan);
      return plan.result;
    } catch (error) {
      if (dataError(error) === null) throw error;
      // The step itself has no effects: what was collected belongs to later ones, which get calls of their own.
      await sql`ROLLBACK TO SAVEPOINT step`.execute(tx);
      ports.discard(rows);
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

  let result = await applyAhead();
  if (result === null) {
    try {
      const plans = await storeDecisions({ context, call, decided, ports, plan });
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
    result = mergeResults([result, await setAside(work, call, stopped, 'too_many_texts')]);
  }
  const contactIds = rows.map((row) => row.contact.id);
  await writeFeed(work, { flowIds: [version.flowId], contactIds, counts: true });
  return { result, committed: ports.committed };
}

/** People woken at an outlet that leads nowhere. */
function endOfLine(row: CohortRow): Decided {
  return { row, decision: { kind: 'end', reason: { code: 'end_of_line' } }, thrown: false };
}

async function hold(
  deps: CohortDeps,
  work: Work,
  call: StepCall,
  version: LoadedVersion,
  rows: readonly CohortRow[],
): Promise<StepResult> {
  await holdPositions(work, version, rows, call.step);
  deps.log.info({ flow: version.flowId, people: rows.length }, 'people held by a pause');
  return { ...emptyResult, held: rows.length };
}
