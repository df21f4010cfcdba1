import { existsSync, writeFileSync } from 'node:fs';
import { loadCodeFlows, registerCodeFlows } from '@signalbox/engine/flows/code-registry';
import { startChild } from '@signalbox/launcher/child-process';
import { cacheFolderPath } from '@signalbox/launcher/data-folder';
import { namespaceAnswers } from '@signalbox/launcher/grpc-probe';
import { findFreePort } from '@signalbox/launcher/ports';
import { findTemporal } from '@signalbox/launcher/temporal-binary';
import { flow } from '@signalbox/nodes/flow/builder';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { end } from '@signalbox/nodes/library/end/end';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { recordConsent } from '@signalbox/nodes/library/people/record-consent';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { wait } from '@signalbox/nodes/library/wait/wait';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterEach, test } from 'vitest';
import { workflowsFolder } from '../support/global-setup.ts';
import { businessNumber, type Harness, type HarnessOptions, startHarness, until } from '../support/harness.ts';
import { listHistory, wasRecorded } from './digests.ts';
import { historiesFolder, type Situation } from './situations.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function harnessWith(options: HarnessOptions = {}): Promise<Harness> {
  const harness = await startHarness(options);
  closers.push(harness.close);
  return harness;
}

/** Writes a history unless there is one. Who recorded it is of no interest. */
async function keep(harness: Harness, situation: Situation, workflowId: string, temporalRunId?: string): Promise<void> {
  const name = `${situation}.json`;
  const file = new URL(name, historiesFolder);
  if (existsSync(file) || wasRecorded(name))
    throw new Error(`${name} was recorded, and a recorded history is never written again`);
  const history = await harness.engine.client.workflow.getHandle(workflowId, temporalRunId).fetchHistory();
  const text = historyToJSON(history).replace(/"identity":\s*"[^"]*"/g, '"identity": "recorder"');
  const recorded = `${JSON.stringify(JSON.parse(text), null, 1)}\n`;
  writeFileSync(file, recorded);
  listHistory(name, recorded);
}

function record(situation: Situation, work: () => Promise<void>): void {
  if (existsSync(new URL(`${situation}.json`, historiesFolder)))
    test(`${situation} is recorded already`, () => undefined);
  else test(`records ${situation}`, work);
}

async function play(harness: Harness, graph: FlowGraph, contacts: readonly string[]): Promise<void> {
  const { flowId } = await harness.publish('Recorded', graph);
  await letIn(harness, flowId, contacts);
}

async function letIn(harness: Harness, flowId: string, contacts: readonly string[]): Promise<void> {
  const batch = {
    workspace_id: harness.workspaceId,
    id: harness.engine.ids.uuid(),
    flow_id: flowId,
    state: 'running' as const,
    contact_ids: [...contacts].sort(),
    created_at: new Date(),
  };
  await harness.inTx((tx) => tx.insertInto('enrollment_batches').values(batch).execute());
}

/** The workflow of the only run, once its row says that it is in this state. */
async function onlyRun(harness: Harness, state: 2 | 3): Promise<string> {
  return until(
    `a run in state ${state}`,
    async () => {
      const runs = await harness.inTx((tx) => tx.selectFrom('runs').select(['id', 'state']).orderBy('id').execute());
      return runs[0]?.state === state ? `run-${runs[0].id}` : null;
    },
    200_000,
  );
}

async function closed(harness: Harness, workflowId: string): Promise<void> {
  await until(
    'the workflow to close',
    async () => (await harness.engine.client.workflow.getHandle(workflowId).describe()).status.name !== 'RUNNING',
    200_000,
  );
}

async function playAndKeep(
  situation: Situation,
  graph: FlowGraph,
  people = 4,
  options: HarnessOptions = {},
): Promise<void> {
  const harness = await harnessWith(options);
  await play(harness, graph, await harness.addContacts(people));
  const workflowId = await onlyRun(harness, 3);
  await closed(harness, workflowId);
  await keep(harness, situation, workflowId);
}

const start = (w: ReturnType<typeof flow>) => w.step('start', apiEvent, { event: 'recorded' });
const oneMinute = { duration: { amount: 1, unit: 'minutes' } } as const;
const wording = { purpose: 'marketing', wording: 'Agreed.' } as const;

/** Branches that meet again: cohorts at one step merge, the step that comes first goes first. */
function branching(): FlowGraph {
  const w = flow('Branching');
  const first = start(w);
  const way = w.step('way', branch, {
    branches: [
      { id: 'named', label: 'Named', condition: { field: 'contact.first_name', op: 'is', value: 'Person 0' } },
    ],
  });
  const extra = w.step('extra', recordConsent, { purpose: 'transactional', wording: 'Agreed.' });
  const both = w.step('both', recordConsent, wording);
  first.to('next', way);
  way.to('named', extra).to('else', both);
  extra.to('next', both);
  return w.graph();
}

function waiting(): FlowGraph {
  const w = flow('Waiting');
  const first = start(w);
  const pause = w.step('pause', wait, oneMinute);
  const after = w.step('after', recordConsent, wording);
  const again = w.step('again', wait, oneMinute);
  const last = w.step('last', recordConsent, wording);
  first.to('next', pause);
  pause.to('done', after);
  after.to('next', again);
  again.to('done', last);
  return w.graph();
}

record('next', () => playAndKeep('next', branching()));

record('sleep', () => playAndKeep('sleep', waiting()));

record('wait', () => {
  const w = flow('Replying');
  const first = start(w);
  first.to('next', w.step('reply', waitForReply, { timeout: { amount: 2, unit: 'days' } }));
  return playAndKeep('wait', w.graph());
});

record('settle', () => {
  const w = flow('Sending');
  const first = start(w);
  first.to('next', w.step('send', sendSms, { text: 'Recorded', purpose: 'transactional' }));
  return playAndKeep('settle', w.graph());
});

record('end', () => {
  const w = flow('Ending');
  const first = start(w);
  first.to('next', w.step('done', end, {}));
  return playAndKeep('end', w.graph());
});

record('fail', async () => {
  const harness = await harnessWith();
  const contacts = await harness.addContacts(1);
  await harness.inTx((tx) => tx.updateTable('contacts').set({ first_name: null }).execute());
  const w = flow('Failing');
  start(w).to('next', w.step('send', sendSms, { text: '{{ contact.first_name }}', purpose: 'transactional' }));
  await play(harness, w.graph(), contacts);
  const workflowId = await onlyRun(harness, 3);
  await closed(harness, workflowId);
  await keep(harness, 'fail', workflowId);
});

/** The first `times` tries of a step call end in this error. */
function failing(times: number, error: Error): HarnessOptions {
  let left = times;
  return {
    failPoints: {
      reach(name) {
        if (name !== 'step.before_commit' || left === 0) return;
        left -= 1;
        throw error;
      },
    },
  };
}

record('retried-call', () => playAndKeep('retried-call', branching(), 4, failing(3, new Error('not now'))));

record('failed-cohort', () =>
  playAndKeep('failed-cohort', branching(), 4, failing(2, Object.assign(new Error('never'), { code: '22000' }))),
);

/** A server that suggests going on as a new run after a few events. */
async function hastyServer(): Promise<{ address: string; namespace: string }> {
  const port = await findFreePort();
  const child = await startChild({
    name: 'temporal',
    command: await findTemporal({ cacheDir: cacheFolderPath() }),
    args: [
      'server',
      'start-dev',
      '--ip',
      '127.0.0.1',
      '--port',
      String(port),
      '--headless',
      '--log-level',
      'error',
      '--dynamic-config-value',
      'limit.historyCount.suggestContinueAsNew=8',
    ],
    stopSteps: [
      { signal: 'SIGTERM', waitMs: 5_000 },
      { signal: 'SIGKILL', waitMs: 5_000 },
    ],
  });
  closers.push(async () => void (await child.stop()));
  const address = `127.0.0.1:${port}`;
  await until('the server', () => namespaceAnswers(address, 'default', 2_000));
  return { address, namespace: 'default' };
}

record('continued-first', async () => {
  const harness = await harnessWith({ temporal: await hastyServer() });
  await play(harness, waiting(), await harness.addContacts(4));
  const workflowId = await onlyRun(harness, 3);
  await closed(harness, workflowId);
  const executions: string[] = [];
  for await (const execution of harness.engine.client.workflow.list({ query: `WorkflowId = '${workflowId}'` }))
    executions.push(execution.runId);
  const [second = '', first = ''] = executions;
  await keep(harness, 'continued-first', workflowId, first);
  await keep(harness, 'continued-second', workflowId, second);
});

record('code-flow', async () => {
  const harness = await harnessWith();
  await registerCodeFlows(harness.engine, harness.workspaceId, await loadCodeFlows(workflowsFolder), 'live');
  const [contact = ''] = await harness.addContacts(1);
  await harness.inTx((tx) =>
    tx
      .insertInto('consents')
      .values({
        workspace_id: harness.workspaceId,
        contact_id: contact,
        purpose: 'marketing',
        state: 'granted',
        since: new Date(),
      })
      .execute(),
  );
  const { id } = await harness.inTx((tx) =>
    tx.selectFrom('flows').select('id').where('kind', '=', 'workflow').executeTakeFirstOrThrow(),
  );
  await letIn(harness, id, [contact]);
  await until('the wait', () =>
    harness.inTx(
      async (tx) =>
        (await tx.selectFrom('enrollments').select('waiting_event').executeTakeFirst())?.waiting_event ===
        'message.received',
    ),
  );
  const { phone } = await harness.inTx((tx) => tx.selectFrom('contacts').select('phone').executeTakeFirstOrThrow());
  harness.carrier.text(phone, businessNumber, 'yes');
  const workflowId = await onlyRun(harness, 2);
  await until('the hour to begin', async () => {
    const events = (await harness.engine.client.workflow.getHandle(workflowId).fetchHistory()).events ?? [];
    return events.some(
      (event) => Number(event.timerStartedEventAttributes?.startToFireTimeout?.seconds ?? 0) === 3_600,
    );
  });
  await keep(harness, 'code-flow', workflowId);
});

record('dispatcher', async () => {
  const harness = await harnessWith();
  await until(
    'the dispatcher',
    async () =>
      ((await harness.engine.client.workflow.getHandle('dispatcher-0').fetchHistory()).events ?? []).length >= 5,
  );
  await keep(harness, 'dispatcher', 'dispatcher-0');
});
