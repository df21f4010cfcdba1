import { writeTopic } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import { readGoal } from '../goals/store.ts';
import { shown } from '../http/ids.ts';
import { assess } from './assess.ts';
import type { Seen } from './contract.ts';
import { goalOf, measure } from './measure.ts';
import { endTest, storeLook, type TestRow } from './store.ts';

const minuteMs = 60_000;
/** How often a test is looked at, and one of which everything is known. */
const everyMs = 10 * minuteMs;
const settledEveryMs = 24 * 60 * minuteMs;

/** Whether a running test is to be looked at. A fixed plan's one look is the last. */
export function isDue({ seen, madeUp }: Pick<TestRow, 'seen' | 'madeUp'>, now: Date, all: boolean): boolean {
  if (seen === null) return true;
  if (seen.final || madeUp) return false;
  const since = now.getTime() - new Date(seen.at).getTime();
  return all || since >= (seen.settled ? settledEveryMs : everyMs);
}

/**
 * Looks at a test, stores what was seen, and decides it where that is left to the verdict: the winner, or the control where the plan is
 * through without one. All in one transaction.
 *
 * @returns whether it was decided.
 */
export async function lookAt(work: Work, test: TestRow): Promise<boolean> {
  const { id, flowId, stepId, config } = test;
  const measures = await measure(work, { id, flowId, stepId, config });
  const seen = assess(config, measures, work.now, { goalGone: await isGoalGone(work, test) });
  await storeLook(work, id, seen);
  await writeTopic(work, { topic: 'tests', ids: [shown('test', id)] });
  return config.winner === 'automatic' && (await decide(work, test, seen));
}

/** Whether a test measures a goal that nobody reaches any longer: it was archived, or has no value to add up. */
async function isGoalGone(work: Work, { config }: TestRow): Promise<boolean> {
  const { kind } = config.metric;
  if (kind === 'click' || kind === 'reply') return false;
  const id = goalOf(config);
  const goal = id === null ? null : await readGoal(work, id);
  return goal === null || goal.archived_at !== null || (kind === 'revenue' && goal.value_field === null);
}

async function decide(work: Work, { id, config }: TestRow, { verdict }: Seen): Promise<boolean> {
  const [control] = config.arms;
  const winner = verdict.state === 'winner' ? verdict.arm : verdict.state === 'no_difference' ? control?.id : null;
  if (winner === null || winner === undefined) return false;
  const outcome = verdict.state === 'winner' ? 'winner' : 'no_difference';
  return endTest(work, id, { state: 'decided', winner, outcome, by: 'verdict', who: null, reason: '' });
}
