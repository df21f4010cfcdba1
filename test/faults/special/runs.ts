import { runWorkflowId } from '@signalbox/engine/cohorts/run-contract';
import { endFlow, pauseFlow, releaseFlowPeople, resumeFlow, stopFlow } from '@signalbox/engine/flows/lifecycle';
import { finishLifecycles } from '@signalbox/engine/sweeps/lifecycles';
import { expect } from 'vitest';
import { positionsOf, runOf } from '../../support/code-runs.ts';
import { until } from '../../support/harness.ts';
import { expectEnds, type Situation } from './world.ts';

/** A run loses its workflow while its people stand ready before their second call. */
export const lostRun: Situation = async (world, arm) => {
  const { failPoints, harness } = world;
  const group = await world.newcomers(3);
  failPoints.arm('step.before_commit', { skip: 1, times: 1_000, error: new Error('The step is stuck.') });
  const flowId = await world.conversation();
  await world.letIn(flowId, group);
  const contacts = group.map((person) => person.contact);
  await until('everyone to stand before the send', async () => {
    const rows = await positionsOf(harness, contacts);
    return rows.length === group.length && rows.every((row) => row.state === 1 && row.hop === 2);
  });
  const runId = (await runOf(harness, flowId)) ?? '';
  await harness.engine.client.workflow.getHandle(runWorkflowId(runId)).terminate('as if lost');
  arm();
  await harness.engine.maintenance.turn('lost', { all: true });
  await harness.engine.maintenance.turn('lost', { all: true });
  failPoints.clear();
  await world.waiting(group);
  world.reply(group);
  expectEnds(await world.ends(group), group.length, 'finished -');
  expect(await world.got(group)).toEqual(group.map(({ question }) => [question, 'Tips are on.']));
  return 1;
};

/** A step call that can never work: everyone before it fails, and gets nothing more. */
export const failedCohort: Situation = async (world, arm) => {
  const group = await world.newcomers(3);
  // Tried locally, then as a regular activity; a data error is not tried again.
  const error = Object.assign(new Error('Never.'), { code: '22000' });
  world.failPoints.arm('step.after_ledger', { skip: 1, times: 2, error });
  arm();
  await world.letIn(await world.conversation(), group);
  expectEnds(await world.ends(group), group.length, 'failed step_failed');
  expect(await world.got(group)).toEqual(group.map(() => []));
  return 1;
};

/** A code flow comes to its end and ends its people. */
export const codeFlowEnds: Situation = async (world, arm) => {
  const group = await world.newcomers(2);
  await world.letIn(world.codeFlow('Unsettled'), group);
  await world.waiting(group);
  arm();
  world.reply(group);
  expectEnds(await world.ends(group), group.length, 'finished -');
  expect(await world.got(group)).toEqual(group.map(() => ['First', 'Second', 'Third']));
  return 1;
};

/** A code flow returns and says nothing of its people: a sweep ends them. */
export const codeFlowReturns: Situation = async (world, arm) => {
  const { harness } = world;
  const group = await world.newcomers(3);
  const flowId = world.codeFlow('Returns');
  await world.letIn(flowId, group);
  const contacts = group.map((person) => person.contact);
  const runId = await until('the run to have begun', async () => {
    const [first] = await positionsOf(harness, contacts);
    return first !== undefined && first.hop > 0 ? first.run_id : null;
  });
  await until(
    'the workflow to return',
    async () =>
      (await harness.engine.client.workflow.getHandle(runWorkflowId(runId)).describe()).status.name === 'COMPLETED',
  );
  arm();
  await harness.engine.maintenance.turn('lost', { all: true });
  await harness.engine.maintenance.turn('lost', { all: true });
  expectEnds(await world.ends(group), group.length, 'finished workflow_returned');
  expect(await world.got(group)).toEqual(group.map(() => ['Hello']));
  return 1;
};

/** People whom a pause held go on; it breaks off, and the next look for unfinished resumes comes to the rest. */
export const heldAreReleased: Situation = async (world, arm) => {
  const { engine, inTx, workspaceId } = world.harness;
  const group = await world.newcomers(3);
  const flowId = await world.conversation();
  await world.letIn(flowId, group);
  await world.waiting(group);
  expect(await inTx((tx) => pauseFlow({ tx, workspaceId, now: new Date() }, flowId))).toBe(true);
  await world.comeDue(group);
  const contacts = group.map((person) => person.contact);
  await until('everyone to be held', async () =>
    (await positionsOf(world.harness, contacts)).every((row) => row.state === 4),
  );
  arm();
  expect(await inTx((tx) => resumeFlow({ tx, workspaceId, now: new Date() }, flowId))).toBe(true);
  const released = releaseFlowPeople({ ...engine, ...engine.arrivalDeps }, workspaceId, flowId, engine.starter.start);
  await expect(released).rejects.toThrow();
  await finishLifecycles(engine, [workspaceId]);
  expectEnds(await world.ends(group), group.length, 'finished -');
  expect(await world.got(group)).toEqual(group.map(({ question }) => [question, 'No tips then.']));
  return 1;
};

/** People of a stopped flow are ended; it breaks off, and the next look for unfinished stops comes to the rest. */
export const stoppedAreEnded: Situation = async (world, arm) => {
  const { engine, inTx, workspaceId } = world.harness;
  const group = await world.newcomers(3);
  const flowId = await world.conversation();
  await world.letIn(flowId, group);
  await world.waiting(group);
  expect(await inTx((tx) => stopFlow({ tx, workspaceId, now: new Date() }, flowId))).toBe(true);
  arm();
  await expect(endFlow({ ...engine, ...engine.arrivalDeps }, workspaceId, flowId)).rejects.toThrow();
  await finishLifecycles(engine, [workspaceId]);
  expectEnds(await world.ends(group), group.length, 'stopped flow_stopped');
  expect(await world.got(group)).toEqual(group.map(({ question }) => [question]));
  return 1;
};
