import { letInPage } from '@signalbox/engine/cohorts/batches';
import { runWorkflowId } from '@signalbox/engine/cohorts/run-contract';
import { runStep } from '@signalbox/engine/cohorts/run-step';
import { statements } from '@signalbox/engine/db/connection';
import type { AnyNode } from '@signalbox/nodes/define/define-node';
import { flow } from '@signalbox/nodes/flow/builder';
import { catalogue } from '@signalbox/nodes/library/catalogue.gen';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { checkConsent } from '@signalbox/nodes/library/people/check-consent';
import { recordConsent } from '@signalbox/nodes/library/people/record-consent';
import { scoreEngagement } from '@signalbox/nodes/library/people/score-engagement';
import { updateContact } from '@signalbox/nodes/library/people/update-contact';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness, until } from '../support/harness.ts';
import { testFlow } from '../support/tested.ts';

let harness: Harness;
let used = 0;
beforeAll(async () => {
  harness = await startHarness({ work: false });
});
afterAll(() => harness.close());

const chain = (sms: { readonly text?: string; readonly shorten_links?: boolean } = {}) => {
  const w = flow('Chain');
  const start = w.step('start', apiEvent, { event: 'started' });
  const record = w.step('record', recordConsent, { purpose: 'marketing', wording: 'Text us.' });
  const check = w.step('check', checkConsent, { purpose: 'marketing' });
  const score = w.step('score', scoreEngagement, { weights: { 'message.received': 10 }, half_life_days: 30 });
  const update = w.step('update', updateContact, { assignments: [{ field: 'attributes.plan', value: 'gold' }] });
  const half = w.step('half', branch, {
    branches: [{ id: 'set', label: 'Known', condition: { field: 'contact.first_name', op: 'is_set' } }],
  });
  const send = w.step('send', sendSms, {
    text: 'Hi {{ contact.first_name }}',
    purpose: 'marketing',
    ...sms,
  });
  start.to('next', record);
  record.to('next', check);
  check.to('yes', score);
  score.to('next', update);
  update.to('next', half);
  half.to('set', send);
  return w.graph();
};

type StepStatements = { readonly step: number; readonly statements: number };

/**
 * Statements of each step call for a cohort of this size, driven by hand: `ahead` lets steps without effects share the call of
 * what follows them, as they do where nothing else of the run is ready. `before` arranges what the people have behind them.
 */
async function statementsPerStep(
  size: number,
  ahead: boolean,
  on: Harness = harness,
  before: (enrollment: {
    readonly flowId: string;
    readonly contacts: readonly string[];
  }) => Promise<void> = async () => {},
  graph = chain(),
): Promise<StepStatements[]> {
  const { flowId } = await on.publish(`Chain of ${size}`, graph);
  const contacts = await on.addContacts(size, used);
  used += size;
  await before({ flowId, contacts });
  const batchId = on.engine.ids.uuid();
  const now = new Date();
  await on.inTx((tx) =>
    tx
      .insertInto('enrollment_batches')
      .values({
        workspace_id: on.workspaceId,
        id: batchId,
        flow_id: flowId,
        state: 'running',
        contact_ids: [...contacts].sort(),
        created_at: now,
      })
      .execute(),
  );
  const page = await on.inTx((tx) =>
    letInPage(on.engine.arrivalDeps, { tx, workspaceId: on.workspaceId, now }, batchId),
  );
  const run = page.runs[0];
  if (run === undefined) throw new Error('Nobody was let in.');
  const counts: StepStatements[] = [];
  let cohorts = [0];
  let step = run.step;
  for (let call = 0; call < 6; call += 1) {
    const counted = statements.count;
    const result = await runStep(on.engine.cohortDeps, {
      workspaceId: on.workspaceId,
      runId: run.runId,
      call,
      step,
      cohorts,
      firstCohort: 1 + call * 64,
      now: Date.now(),
      alone: ahead,
    });
    counts.push({ step, statements: statements.count - counted });
    cohorts = result.outlets.map((outlet) => outlet.cohort);
    step = result.outlets[0]?.nextStep ?? -1;
    if (step < 0 || cohorts.length === 0) break;
  }
  return counts;
}

test.each([
  { ahead: false, calls: 6 },
  { ahead: true, calls: 5 },
])('statements per step do not grow from 1 to 1,000 people, running ahead: $ahead', async ({ ahead, calls }) => {
  await statementsPerStep(2, ahead);
  const one = await statementsPerStep(1, ahead);
  const thousand = await statementsPerStep(1_000, ahead);
  console.log(`statements per call: ${one.map((entry) => entry.statements).join(', ')}`);
  expect(grownSteps(one, thousand)).toEqual([]);
  expect(thousand).toEqual(one);
  expect(one).toHaveLength(calls);
});

/** The steps that took more statements for many people than for one. */
function grownSteps(one: readonly StepStatements[], many: readonly StepStatements[]): number[] {
  const before = new Map(one.map((entry) => [entry.step, entry.statements]));
  return many.filter((entry) => entry.statements > (before.get(entry.step) ?? 0)).map((entry) => entry.step);
}

test('texts are counted for those alone who were in the flow before within the hour: one statement more where they are texted', async () => {
  const endedAgo = (minutes: number, elsewhere = false) =>
    statementsPerStep(5, false, harness, ({ flowId, contacts }) => {
      const at = new Date(Date.now() - minutes * 60_000);
      const ended = contacts.map((contact) => ({
        workspace_id: harness.workspaceId,
        id: harness.engine.ids.uuid(),
        flow_id: elsewhere ? harness.engine.ids.uuid() : flowId,
        version_id: harness.engine.ids.uuid(),
        contact_id: contact,
        outcome: 'finished' as const,
        step: 0,
        hop: 1,
        started_at: at,
        finished_at: at,
      }));
      return harness.inTx(async (tx) => void (await tx.insertInto('enrollment_history').values(ended).execute()));
    });
  await statementsPerStep(5, false);
  const fresh = await statementsPerStep(5, false);
  expect(await endedAgo(61)).toEqual(fresh);
  expect(await endedAgo(5, true)).toEqual(fresh);
  const again = await endedAgo(5);
  expect(again.map((entry, call) => entry.statements - (fresh[call]?.statements ?? 0))).toEqual([0, 0, 0, 0, 0, 1]);
});

test('links are shortened in two statements for any number of people, and in none where there is nothing to shorten', async () => {
  const counted = (size: number, text: string, shorten_links: boolean) =>
    statementsPerStep(size, false, harness, async () => {}, chain({ text, shorten_links }));
  const links = 'https://example.com/a and https://example.com/b';
  await counted(2, links, true);
  const plain = await counted(1, links, false);
  const one = await counted(1, links, true);
  expect(one.map((entry, call) => entry.statements - (plain[call]?.statements ?? 0))).toEqual([0, 0, 0, 0, 0, 2]);
  expect(await counted(300, links, true)).toEqual(one);
  expect(await counted(1, 'None here', false)).toEqual(plain);
  expect(await counted(1, 'None here', true)).toEqual(plain);
});

test('a test reads how it stands and what people were given, and writes what they are given: three statements for any number of people', async () => {
  const counted = async (size: number, config: Parameters<typeof testFlow>[1] = {}) =>
    (await statementsPerStep(size, true, harness, async () => {}, testFlow(`tested.by_${used}`, config)))[0]
      ?.statements ?? 0;
  await counted(2);
  const one = await counted(1);
  expect(await counted(300)).toBe(one);
  expect(await counted(300, { tested: 10 })).toBe(one);
  console.log(`statements of a test: ${one}`);
});

test('a node that asks the database for each person would be seen, at its step alone', async () => {
  /** The library, in which checking consent makes a statement of its own for everybody. */
  const greedy: AnyNode = {
    ...checkConsent,
    bind: (config) => {
      const bound = checkConsent.bind(config);
      const run: typeof bound.run = async (context) => {
        await sql`SELECT 1`.execute(planted.db.app);
        return bound.run(context);
      };
      return { ...bound, run };
    },
  };
  const nodes = catalogue.map((node) => (node.type === checkConsent.type ? greedy : node));
  const planted: Harness = await startHarness({ work: false, nodes });
  try {
    await statementsPerStep(2, false, planted);
    const one = await statementsPerStep(1, false, planted);
    const twenty = await statementsPerStep(20, false, planted);
    const check = one[1];
    expect(grownSteps(one, twenty)).toEqual([check?.step]);
    expect(twenty[1]?.statements).toBeGreaterThanOrEqual((check?.statements ?? 0) + 19);
  } finally {
    await planted.close();
  }
});

test('a repeated call returns the stored result and writes nothing', async () => {
  const { flowId } = await harness.publish('Chain again', chain());
  const contacts = await harness.addContacts(3, 90_000);
  const batchId = harness.engine.ids.uuid();
  await harness.inTx((tx) =>
    tx
      .insertInto('enrollment_batches')
      .values({
        workspace_id: harness.workspaceId,
        id: batchId,
        flow_id: flowId,
        state: 'running',
        contact_ids: [...contacts].sort(),
        created_at: new Date(),
      })
      .execute(),
  );
  const page = await harness.inTx((tx) =>
    letInPage(harness.engine.arrivalDeps, { tx, workspaceId: harness.workspaceId, now: new Date() }, batchId),
  );
  const run = page.runs[0];
  if (run === undefined) throw new Error('Nobody was let in.');
  const call = {
    workspaceId: harness.workspaceId,
    runId: run.runId,
    call: 0,
    step: run.step,
    cohorts: [0],
    firstCohort: 1,
    now: Date.now(),
    alone: true,
  };
  const results = await Promise.all([
    runStep(harness.engine.cohortDeps, call),
    runStep(harness.engine.cohortDeps, call),
    runStep(harness.engine.cohortDeps, { ...call, now: call.now + 99 }),
  ]);
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
  const paths = await harness.inTx((tx) =>
    tx
      .selectFrom('enrollment_path')
      .select('enrollment_path.hop')
      .where('enrollment_path.step', '=', 1)
      .innerJoin('enrollments', 'enrollments.id', 'enrollment_path.enrollment_id')
      .where('enrollments.flow_id', '=', flowId)
      .execute(),
  );
  expect(paths).toHaveLength(3);
});

type RunLengths = { readonly people: number; readonly lengths: readonly number[] };

/** What is wrong with the histories of runs through so many steps, the first with the fewest people. */
function tooLong(runs: readonly RunLengths[], steps: number): string[] {
  // Start, task scheduled, started, completed, a marker a step, completed: and a margin for one task that was too long.
  const most = 5 + steps + 6;
  const fewest = Math.max(...(runs[0]?.lengths ?? []));
  return runs.flatMap(({ people, lengths }) => {
    const longest = Math.max(...lengths);
    if (lengths.length === 0) return [`no run of ${people}`];
    if (longest > most) return [`${longest} events for ${people}, at most ${most} are bounded`];
    // Many people may need a task or two more than one, never an event each.
    return longest > fewest + 6 ? [`${longest} events for ${people}, ${fewest} for the fewest`] : [];
  });
}

test.each<readonly [string, RunLengths[], string[]]>([
  [
    'an event for each person',
    [
      { people: 1, lengths: [11] },
      { people: 1_000, lengths: [1_010] },
    ],
    ['1010 events for 1000, at most 17 are bounded'],
  ],
  [
    'an event for every hundredth person',
    [
      { people: 1, lengths: [7] },
      { people: 1_000, lengths: [11, 17] },
    ],
    ['17 events for 1000, 7 for the fewest'],
  ],
  ['three events a step', [{ people: 1, lengths: [18] }], ['18 events for 1, at most 17 are bounded']],
  ['runs that were not found', [{ people: 1, lengths: [] }], ['no run of 1']],
  [
    'one task more',
    [
      { people: 1, lengths: [11] },
      { people: 1_000, lengths: [14] },
    ],
    [],
  ],
])('histories are judged: %s', (_what, runs, problems) => {
  expect(tooLong(runs, 6)).toEqual(problems);
});

test('history events per step and cohort are bounded', async () => {
  const worked = await startHarness();
  try {
    const { flowId } = await worked.publish('Chain', chain());
    const lengthsOf: RunLengths[] = [];
    for (const size of [1, 1_000]) {
      const contacts = await worked.addContacts(size, size * 7);
      await worked.inTx((tx) =>
        tx
          .insertInto('enrollment_batches')
          .values({
            workspace_id: worked.workspaceId,
            id: worked.engine.ids.uuid(),
            flow_id: flowId,
            state: 'running',
            contact_ids: [...contacts].sort(),
            created_at: new Date(),
          })
          .execute(),
      );
      await until(
        'everyone to end',
        async () =>
          (
            await worked.inTx((tx) =>
              tx.selectFrom('enrollment_history').select('id').where('contact_id', 'in', contacts).execute(),
            )
          ).length === size,
      );
      const runs = await worked.inTx((tx) =>
        tx.selectFrom('runs').select(['id', 'size']).where('size', '=', size).execute(),
      );
      const lengths = await Promise.all(
        runs.map(
          async (run) =>
            (await worked.engine.client.workflow.getHandle(runWorkflowId(run.id)).describe()).historyLength,
        ),
      );
      console.log(
        `history events of a run of ${size} over six steps: ${lengths.join(', ')} (${lengths.map((length) => (length / 6).toFixed(1)).join(', ')} a step and cohort)`,
      );
      lengthsOf.push({ people: size, lengths });
    }
    expect(tooLong(lengthsOf, 6)).toEqual([]);
  } finally {
    await worked.close();
  }
}, 60_000);
