import { letInPage } from '@signalbox/engine/cohorts/batches';
import { loadCodeFlows, registerCodeFlows } from '@signalbox/engine/flows/code-registry';
import { flow } from '@signalbox/nodes/flow/builder';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { recordConsent } from '@signalbox/nodes/library/people/record-consent';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFailPoints } from '../support/fail-points.ts';
import { workflowsFolder } from '../support/global-setup.ts';
import { businessNumber, type Harness, startHarness, until } from '../support/harness.ts';
import { type HandWorker, handWorker } from './hand-worker.ts';
import { findCanaries, storedTexts } from './history-texts.ts';

/** Words that stand nowhere else: what a person is called, writes and is written, and what an error would say about it. */
const canary = {
  phone: '+12025559741',
  name: 'Quillanna',
  keyword: 'PLOVERJOIN',
  template: 'Greywagtail',
  rendered: 'Greywagtail Quillanna Sanderlingvalue',
  reply: 'yes turnstonereply',
  answer: 'Whimbrelanswer',
  wording: 'Dotterelwording',
  attribute: 'Sanderlingvalue',
  failure: 'Redshankfailure',
  label: 'Phalaropelabel',
  refusal: 'Knotrefusal',
} as const;

const failPoints = createFailPoints();
/** How many of the next tries of a step end in an error of a bug or a lost connection, and in one of the data itself. */
const armed = { failure: 0, refusal: 0 };
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({
    failPoints: {
      reach(name) {
        if (name === 'step.before_commit' && armed.failure > 0) {
          armed.failure -= 1;
          throw new Error(`${canary.failure} while moving ${canary.name} at ${canary.phone}`);
        }
        if (name === 'step.before_commit' && armed.refusal > 0) {
          armed.refusal -= 1;
          throw Object.assign(new Error(`${canary.refusal}: ${canary.name}`, { cause: new Error(canary.phone) }), {
            code: '22000',
            detail: `Key (phone)=(${canary.phone})`,
          });
        }
        return failPoints.reach(name);
      },
    },
  });
});
afterAll(() => harness.close());

function conversation() {
  const w = flow(canary.label);
  const start = w.step('start', keyword, { keywords: [canary.keyword], match: 'first_word' }, { name: canary.label });
  const record = w.step('record', recordConsent, { purpose: 'marketing', wording: canary.wording });
  const greet = w.step(
    'greet',
    sendSms,
    { text: `${canary.template} {{ contact.first_name }} {{ contact.attributes.secret }}`, purpose: 'marketing' },
    { name: canary.label },
  );
  const wait = w.step('wait', waitForReply, { timeout: { amount: 2, unit: 'days' } });
  const decide = w.step('decide', branch, {
    branches: [
      { id: 'yes', label: canary.label, condition: { field: 'reply.text', op: 'contains', value: 'turnstone' } },
    ],
  });
  const answer = w.step('answer', sendSms, { text: canary.answer, purpose: 'marketing' });
  start.to('next', record);
  record.to('next', greet);
  greet.to('sent', wait);
  wait.to('replied', decide);
  decide.to('yes', answer);
  return w.graph();
}

const finished = () =>
  harness.inTx(async (tx) => (await tx.selectFrom('enrollments').select('id').execute()).length === 0);
const bodies = () =>
  harness.inTx((tx) => tx.selectFrom('messages').select('body').where('direction', '=', 'out').execute());

test('no number, name or text of a conversation reaches Temporal', async () => {
  await harness.publish(canary.label, conversation());
  const now = new Date();
  await harness.inTx(async (tx) => {
    const contact = {
      workspace_id: harness.workspaceId,
      id: harness.engine.ids.uuid(),
      phone: canary.phone,
      first_name: canary.name,
      attributes: JSON.stringify({ secret: canary.attribute }),
      created_at: now,
      updated_at: now,
    };
    await tx.insertInto('contacts').values(contact).execute();
    await tx.insertInto('numbers').values({ workspace_id: harness.workspaceId, number: canary.phone }).execute();
  });
  // The first two tries of a step fail with an error that names the person: it goes from the local to the regular activity.
  armed.failure = 3;
  harness.carrier.text(canary.phone, businessNumber, canary.keyword);
  await until('the greeting', async () => (await bodies()).some((row) => row.body === canary.rendered));
  expect(armed.failure).toBe(0);
  await until('the wait', () =>
    harness.inTx(
      async (tx) =>
        (await tx.selectFrom('enrollments').select('waiting_event').execute())[0]?.waiting_event === 'message.received',
    ),
  );
  harness.carrier.text(canary.phone, businessNumber, canary.reply);
  await until('the answer', async () => (await bodies()).some((row) => row.body === canary.answer));
  await until('the end', finished);

  await failWhole();
  await startCodeFlow();

  const runs = await harness.inTx((tx) => tx.selectFrom('runs').select('id').execute());
  const texts = await until('every run in the list', async () => {
    const stored = await storedTexts(harness.engine.client);
    const listed = new Set(stored.map((text) => text.workflowId));
    // A marker is in the history once its task has completed, a moment after the step's own commit.
    const arrived = stored.some((text) => text.text.includes('wait-for-reply first-answer'));
    return arrived && runs.every((run) => listed.has(`run-${run.id}`)) ? stored : null;
  });
  expect(runs.length).toBeGreaterThanOrEqual(3);
  // What should be there is found, so what should not be would be: run ids in arguments, step ids in summaries, codes in failures.
  const whole = texts.map((text) => text.text).join('\n');
  expect(whole).not.toContain('node_modules');
  for (const expected of [
    harness.workspaceId,
    'send-sms greet',
    'wait-for-reply first-answer',
    'step_failed',
    'failCohort',
  ])
    expect(whole).toContain(expected);
  expect(findCanaries(texts, [...Object.values(canary), 'your next order ships free', 'we miss you'])).toEqual([]);
});

/** Once more through the flow, where every try of a step ends in an error of the data: the whole cohort is failed. */
async function failWhole(): Promise<void> {
  armed.refusal = 2;
  harness.carrier.text(canary.phone, businessNumber, canary.keyword);
  await until('the failure', () =>
    harness.inTx(
      async (tx) =>
        (await tx.selectFrom('enrollment_history').select('id').where('outcome', '=', 'failed').execute()).length === 1,
    ),
  );
  expect(armed.refusal).toBe(0);
}

/** The example flow in code, with one person in it who has consented. */
async function startCodeFlow(): Promise<void> {
  const deps = { ...harness.engine, nodes: harness.engine.nodes };
  await registerCodeFlows(deps, harness.workspaceId, await loadCodeFlows(workflowsFolder), 'live');
  const now = new Date();
  const batchId = harness.engine.ids.uuid();
  const page = await harness.inTx(async (tx) => {
    const contact = await tx.selectFrom('contacts').select('id').executeTakeFirstOrThrow();
    const flowRow = await tx.selectFrom('flows').select('id').where('kind', '=', 'workflow').executeTakeFirstOrThrow();
    await tx
      .insertInto('enrollment_batches')
      .values({
        workspace_id: harness.workspaceId,
        id: batchId,
        flow_id: flowRow.id,
        state: 'running',
        contact_ids: [contact.id],
        created_at: now,
      })
      .execute();
    return letInPage(harness.engine.arrivalDeps, { tx, workspaceId: harness.workspaceId, now }, batchId);
  });
  harness.engine.onArrived(harness.workspaceId, { runs: page.runs, wake: [] });
  await until('the first offer', async () =>
    (await bodies()).some((row) => row.body?.includes('we miss you') === true),
  );
  await until('the wait', () =>
    harness.inTx(
      async (tx) =>
        (await tx.selectFrom('enrollments').select('waiting_event').execute())[0]?.waiting_event === 'message.received',
    ),
  );
  harness.carrier.text(canary.phone, businessNumber, canary.reply);
  await until('the thanks', async () => (await bodies()).some((row) => row.body?.includes('ships free') === true));
}

test('the canaries are what people are called, wrote and were sent', async () => {
  const sent = await harness.inTx((tx) => tx.selectFrom('messages').select('body').execute());
  const said = sent.map((row) => row.body ?? '').join('\n');
  for (const text of [canary.name, canary.attribute, canary.rendered, canary.reply, canary.answer])
    expect(said).toContain(text);
});

const taskQueue = 'canaries-nobody-polls';
type Workflows = Harness['engine']['client']['workflow'];
const planted: Array<{
  readonly what: string;
  readonly workflowId: string;
  readonly plant: (workflows: Workflows, workflowId: string) => Promise<unknown>;
}> = [
  {
    what: 'an argument',
    workflowId: 'planted-argument',
    plant: (workflows, workflowId) =>
      workflows.start('planted', { taskQueue, workflowId, args: [{ deep: [{ name: canary.name }] }] }),
  },
  {
    what: 'an argument in base64',
    workflowId: 'planted-base64',
    plant: (workflows, workflowId) =>
      workflows.start('planted', {
        taskQueue,
        workflowId,
        args: [Buffer.from(`to ${canary.name}`).toString('base64')],
      }),
  },
  {
    what: 'a memo',
    workflowId: 'planted-memo',
    plant: (workflows, workflowId) =>
      workflows.start('planted', { taskQueue, workflowId, memo: { note: canary.name } }),
  },
  {
    what: 'a summary',
    workflowId: 'planted-summary',
    plant: (workflows, workflowId) => workflows.start('planted', { taskQueue, workflowId, staticSummary: canary.name }),
  },
  {
    what: 'an id',
    workflowId: `planted-${canary.name}`,
    plant: (workflows, workflowId) => workflows.start('planted', { taskQueue, workflowId }),
  },
  {
    what: 'a workflow type',
    workflowId: 'planted-type',
    plant: (workflows, workflowId) => workflows.start(`planted${canary.name}`, { taskQueue, workflowId }),
  },
  {
    what: 'a signal',
    workflowId: 'planted-signal',
    plant: (workflows, workflowId) =>
      workflows.signalWithStart('planted', { taskQueue, workflowId, signal: 'wake', signalArgs: [canary.name] }),
  },
  {
    what: 'the reason of an end',
    workflowId: 'planted-reason',
    plant: async (workflows, workflowId) =>
      (await workflows.start('planted', { taskQueue, workflowId })).terminate(`because of ${canary.name}`),
  },
];

const payloads = { payloads: [defaultPayloadConverter.toPayload({ for: [canary.name] })] };
const failure = {
  message: `Could not reach ${canary.name}`,
  source: 'planted',
  applicationFailureInfo: { type: 'planted' },
};

const coded = { message: 'code', applicationFailureInfo: { type: 'planted' } };

/** What a worker of ours could let slip: each as one that is driven by hand would. */
const slips: ReadonlyArray<{ readonly what: string; readonly slip: (worker: HandWorker) => Promise<unknown> }> = [
  { what: 'the message of an activity’s failure', slip: (worker) => worker.failActivity(failure, 1) },
  { what: 'a failure of an activity that will be tried again', slip: (worker) => worker.failActivity(failure, 9) },
  {
    what: 'the details of a failure',
    slip: (worker) =>
      worker.failActivity({ ...coded, applicationFailureInfo: { type: 'planted', details: payloads } }, 1),
  },
  {
    what: 'the stack of a failure’s cause',
    slip: (worker) =>
      worker.failActivity({ ...coded, cause: { message: 'code', stackTrace: `at ${canary.name}.ts:1` } }, 1),
  },
  { what: 'an activity’s argument', slip: (worker) => worker.startActivity(1, payloads) },
  { what: 'an activity’s result', slip: (worker) => worker.completeActivity(payloads) },
  { what: 'a heartbeat', slip: (worker) => worker.heartbeat(payloads) },
  { what: 'the marker of a local activity', slip: (worker) => worker.recordMarker({ data: payloads }) },
  { what: 'the failure of a run', slip: (worker) => worker.failWorkflow(failure) },
];

planted.push(
  ...slips.map(({ what, slip }, index) => ({
    what,
    workflowId: `planted-slip-${index}`,
    plant: (_workflows: Workflows, workflowId: string) => slip(handWorker(harness.engine.client, workflowId)),
  })),
);

for (const { what, workflowId, plant } of planted) {
  test(`a canary planted in ${what} is found`, async () => {
    const { client } = harness.engine;
    await plant(client.workflow, workflowId);
    const found = await until('the canary', async () => {
      const all = findCanaries(await storedTexts(client), [canary.name]).filter((place) =>
        place.endsWith(` of ${workflowId}`),
      );
      return all.length > 0 ? all : null;
    });
    expect(found[0]).toContain(canary.name.toLowerCase());
  });
}
