import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/client';
import type { Logger } from 'pino';
import type { FailPoints } from '../runtime/fail-points.ts';
import { type CodeRunInput, type RunInput, runWorkflowId, workflowTypes } from './run-contract.ts';
import type { RunRef } from './run-ref.ts';
import type { TemporalNames } from './temporal-names.ts';

/** Starts workflows for runs. A start that fails leaves its run unstarted; the sweep of unstarted runs comes back to it. */
export type Starter = {
  readonly start: (runs: readonly RunRef[]) => void;
  /** Runs waiting for their turn or being started: group commits widen their window with it. */
  readonly backlog: () => number;
  readonly started: () => number;
  readonly idle: () => Promise<void>;
};

/**
 * @param options.perSecond the budget of starts (protocol 15); the first `burst` of an idle second go at once.
 * @param options.eager asks for eager start: only where a worker of this process polls the queue.
 */
export function createStarter(options: {
  readonly client: () => Client;
  readonly queues: TemporalNames['queues'];
  readonly log: Logger;
  readonly failPoints: FailPoints;
  readonly perSecond: number;
  readonly burst: number;
  readonly eager: () => boolean;
}): Starter {
  const waiting: RunRef[] = [];
  // A run that waits or is being started is not taken twice: the sweep offers whatever is still unstarted, again and again.
  const known = new Set<string>();
  let tokens = options.burst;
  let refilledAt = performance.now();
  let timer: NodeJS.Timeout | null = null;
  let inFlight = 0;
  let started = 0;

  const pump = (): void => {
    const now = performance.now();
    tokens = Math.min(options.burst, tokens + ((now - refilledAt) / 1_000) * options.perSecond);
    refilledAt = now;
    while (waiting.length > 0 && tokens >= 1) {
      // Interactive runs first: a reply never waits behind a campaign's pages.
      const index = waiting.findIndex((run) => run.kind === 'interactive');
      const [run] = waiting.splice(Math.max(0, index), 1);
      if (run === undefined) break;
      tokens -= 1;
      inFlight += 1;
      void startOne(run).finally(() => {
        inFlight -= 1;
        known.delete(run.runId);
      });
    }
    if (waiting.length > 0 && timer === null) {
      timer = setTimeout(
        () => {
          timer = null;
          pump();
        },
        Math.ceil(((1 - tokens) / options.perSecond) * 1_000),
      );
    }
  };

  const startOne = async (run: RunRef): Promise<void> => {
    try {
      await options.failPoints.reach('start.before');
      await options.client().workflow.start(run.code?.workflowType ?? workflowTypes.run, {
        taskQueue: options.queues[run.kind],
        workflowId: runWorkflowId(run.runId),
        // A code flow's workflow that failed may begin again: its calls meet the same ledger.
        workflowIdReusePolicy:
          run.kind === 'code'
            ? WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY
            : WorkflowIdReusePolicy.REJECT_DUPLICATE,
        args: [inputOf(run)],
        ...(options.eager() ? { requestEagerStart: true } : {}),
      });
      started += 1;
      await options.failPoints.reach('start.after');
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return;
      options.log.warn({ err: error, run: run.runId }, 'a run could not be started; it will be tried again');
    }
  };

  return {
    start(runs) {
      for (const run of runs) {
        if (known.has(run.runId)) continue;
        known.add(run.runId);
        waiting.push(run);
      }
      pump();
    },
    backlog: () => waiting.length + inFlight,
    started: () => started,
    async idle() {
      while (waiting.length > 0 || inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}

function inputOf(run: RunRef): RunInput | CodeRunInput {
  if (run.kind === 'code') {
    const { ranks = {}, outlets = {}, size = 0 } = run.code ?? {};
    return { workspaceId: run.workspaceId, runId: run.runId, ranks, outlets, size };
  }
  return {
    workspaceId: run.workspaceId,
    runId: run.runId,
    lane: run.kind,
    call: 0,
    nextCohort: 1,
    ready: [{ cohort: 0, step: run.step }],
    sleeping: [],
    labels: { [run.step]: run.label },
  };
}
