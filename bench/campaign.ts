import { flow } from '@signalbox/nodes/flow/builder';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { end } from '@signalbox/nodes/library/end/end';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { checkConsent } from '@signalbox/nodes/library/people/check-consent';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { Client, Connection } from '@temporalio/client';
import { barePosts } from './support/bare-post.ts';
import { temporalFloor } from './support/bare-workflows.ts';
import { median, printFigures, sleep, withRange } from './support/figures.ts';
import { asRecord, type Stack, startStack, waitFor } from './support/stack.ts';

/** Consent → branch → send → a step after it. */
function campaign(): FlowGraph {
  const w = flow('Campaign');
  const start = w.step('start', apiEvent, { event: 'campaign_started' });
  const consent = w.step('consent', checkConsent, { purpose: 'marketing' });
  const plan = w.step('plan', branch, {
    branches: [{ id: 'gold', label: 'Gold', condition: { field: 'contact.attributes.plan', op: 'is', value: 'gold' } }],
  });
  const gold = w.step('gold', sendSms, {
    text: 'Hi {{ contact.first_name }}, gold members get 30% off today.',
    purpose: 'marketing',
  });
  const blue = w.step('blue', sendSms, {
    text: 'Hi {{ contact.first_name }}, members get 10% off today.',
    purpose: 'marketing',
  });
  const done = w.step('done', end, {});
  start.to('next', consent);
  consent.to('yes', plan);
  plan.to('gold', gold).to('else', blue);
  gold.to('sent', done);
  blue.to('sent', done);
  return w.graph();
}

type Run = {
  readonly acceptedPerSecond: number;
  readonly allReceiptsPerSecond: number;
  readonly cpuSeconds: number;
  readonly cpuByPart: Readonly<Record<string, number>>;
  readonly statements: number;
  readonly events: number;
  readonly runs: number;
  readonly meanCohort: number;
};

async function oneCampaign(stack: Stack, people: number): Promise<Run> {
  const flowId = await stack.publish(`Campaign of ${people}`, campaign());
  await stack.carrier('DELETE', '/_carrier/ledger');
  await stack.owner.query('CHECKPOINT');
  const startedAt = new Date();
  const parts = stack.cpuByPart();
  const before = { cpu: stack.engineCpu(), statements: await stack.statements() };
  const began = performance.now();
  await stack.api('POST', `/flows/${flowId}/enrollments`, { condition: { all: [] } });
  const limit = people * 5 + 60_000;
  await waitFor(
    'all messages to be accepted',
    async () => (await carrierCount(stack, 'accepted')) >= people,
    limit,
    500,
  );
  const acceptedMs = performance.now() - began;
  // Two receipts a message, each answered after its commit: asked of the carrier, so that PostgreSQL does not count for us.
  await waitFor(
    'all receipts to be answered',
    async () => (await carrierCount(stack, 'receipts')) >= 2 * people,
    limit,
    500,
  );
  await waitFor('everyone to have ended, delivered', () => allEnded(stack, flowId, people), limit, 250);
  const wholeMs = performance.now() - began;
  const after = { cpu: stack.engineCpu(), statements: await stack.statements() };
  const now = stack.cpuByPart();
  const sizes = await stack.owner.query<{ n: string; mean: string }>(
    'SELECT count(*) AS n, avg(size) AS mean FROM runs WHERE flow_id = $1',
    [await rawFlowId(stack)],
  );
  return {
    acceptedPerSecond: people / (acceptedMs / 1_000),
    allReceiptsPerSecond: people / (wholeMs / 1_000),
    cpuSeconds: after.cpu - before.cpu,
    cpuByPart: Object.fromEntries(Object.entries(now).map(([part, seconds]) => [part, seconds - (parts[part] ?? 0)])),
    statements: after.statements - before.statements,
    events: await historyEvents(stack, startedAt),
    runs: Number(sizes.rows[0]?.n),
    meanCohort: Number(sizes.rows[0]?.mean),
  };
}

async function carrierCount(stack: Stack, name: 'accepted' | 'receipts'): Promise<number> {
  const counts = asRecord(await stack.carrier('GET', '/_carrier/ledger/counts'));
  return Number(counts[name] ?? 0);
}

/** Every message stands as delivered and everybody has left, by the tables themselves. */
async function allEnded(stack: Stack, flowId: string, people: number): Promise<boolean> {
  const raw = await rawFlowId(stack);
  const rows = await stack.owner.query<{ delivered: string; ended: string }>(
    `SELECT (SELECT count(*) FROM messages WHERE flow_id = $1 AND state = 'delivered') AS delivered,
       (SELECT count(*) FROM enrollment_history WHERE flow_id = $1) AS ended`,
    [raw],
  );
  const row = rows.rows[0];
  if (Number(row?.ended) > people) throw new Error(`More people ended in ${flowId} than were let in.`);
  return Number(row?.delivered) >= people && Number(row?.ended) >= people;
}

/** The newest flow's id as the database writes it. */
async function rawFlowId(stack: Stack): Promise<string> {
  const rows = await stack.owner.query<{ id: string }>('SELECT id FROM flows ORDER BY created_at DESC LIMIT 1');
  return rows.rows[0]?.id ?? '';
}

/** History events of every workflow execution since a time, open ones, continued ones and the dispatcher's included. */
async function historyEvents(stack: Stack, since: Date): Promise<number> {
  const connection = await Connection.connect({ address: stack.temporalAddress });
  const client = new Client({ connection });
  let events = 0;
  // What is listed follows what has happened within moments.
  await sleep(2_000);
  for await (const { workflowId, runId, startTime } of client.workflow.list()) {
    if (startTime < since && !workflowId.startsWith('dispatcher-')) continue;
    events += (await client.workflow.getHandle(workflowId, runId).describe()).historyLength;
  }
  await connection.close();
  return events;
}

/** The statements that ran most often and longest: for finding out, not for the figures. */
async function profile(stack: Stack): Promise<void> {
  for (const order of ['calls', 'total_exec_time']) {
    const rows = await stack.owner.query<{ calls: string; ms: string; query: string }>(
      `SELECT calls, round(total_exec_time) AS ms, left(regexp_replace(query, '\\s+', ' ', 'g'), 110) AS query FROM pg_stat_statements s
       JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname LIKE 'signalbox_%r' OR r.rolname = 'signalbox_app' ORDER BY ${order} DESC LIMIT 14`,
    );
    console.log(`by ${order}`);
    for (const row of rows.rows)
      console.log(`${String(row.calls).padStart(8)} ${String(row.ms).padStart(8)} ms  ${row.query}`);
  }
}

/** For printing: two decimals are enough. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toFixed(2)) : value;
}

/** @param options `small` and `large` set the sizes, `pairs` the interleaved pairs, `quick` is one small pair for a look. */
export async function run(options: ReadonlyMap<string, string>): Promise<void> {
  const quick = options.has('quick');
  const small = Number(options.get('small') ?? 10_000);
  const large = Number(options.get('large') ?? 100_000);
  const pairs = quick ? 1 : Number(options.get('pairs') ?? 3);
  const roles = (options.get('roles') ?? 'api,worker').split('+');
  const main: Run[] = [];
  const ratios: number[] = [];
  const ratiosWithout: number[] = [];
  const growth: number[] = [];
  const floors: Array<Awaited<ReturnType<typeof barePosts>>> = [];
  const temporal: Array<Awaited<ReturnType<typeof temporalFloor>>> = [];
  const timesFloor: number[] = [];
  let rss = 0;

  const measure = async (people: number): Promise<{ run: Run; floor: Awaited<ReturnType<typeof barePosts>> }> => {
    const stack = await startStack({ roles });
    try {
      await stack.addContacts(people);
      const floor = await barePosts(stack, Math.min(people, 20_000));
      const result = await oneCampaign(stack, people);
      rss = Math.max(rss, stack.engineRss());
      if (options.has('profile')) await profile(stack);
      console.log(
        `${people}: ${result.acceptedPerSecond.toFixed(0)} accepted/s, ${result.allReceiptsPerSecond.toFixed(0)}/s with receipts; ` +
          `bare ${floor.withReceipts.perSecond.toFixed(0)}/s at ${floor.withReceipts.concurrency}, without receipts ${floor.withoutReceipts.perSecond.toFixed(0)}/s at ${floor.withoutReceipts.concurrency}; ` +
          `${((result.cpuSeconds / people) * 1_000).toFixed(3)} CPU ms/contact, ${(result.statements / people).toFixed(3)} SQL/contact, ${(result.events / people).toFixed(4)} events/contact, ${result.runs} runs of ${result.meanCohort.toFixed(0)}, ${JSON.stringify(stack.rssByPart(), rounded)} MB; ` +
          `CPU s by part ${JSON.stringify(result.cpuByPart, rounded)}`,
      );
      return { run: result, floor };
    } finally {
      await stack.close();
    }
  };

  for (let pair = 0; pair < pairs; pair += 1) {
    const first = await measure(small);
    const second = quick ? first : await measure(large);
    main.push(second.run);
    floors.push(second.floor);
    ratios.push(second.run.acceptedPerSecond / second.floor.withReceipts.perSecond);
    ratiosWithout.push(second.run.acceptedPerSecond / second.floor.withoutReceipts.perSecond);
    if (quick) continue;
    growth.push(second.run.cpuSeconds / large / (first.run.cpuSeconds / small));
    const floor = await temporalFloor();
    temporal.push(floor);
    timesFloor.push(second.run.acceptedPerSecond / floor.perSecond);
  }
  const people = quick ? small : large;
  const of = (pick: (run: Run) => number) => median(main.map(pick));
  printFigures({
    contacts: people,
    engine_processes: roles.join(' + '),
    msgs_per_s: of((r) => r.acceptedPerSecond).toFixed(0),
    msgs_per_s_with_all_receipts_applied: of((r) => r.allReceiptsPerSecond).toFixed(0),
    bare_posts_per_s: median(floors.map((floor) => floor.withReceipts.perSecond)).toFixed(0),
    bare_posts_per_s_without_receipts: median(floors.map((floor) => floor.withoutReceipts.perSecond)).toFixed(0),
    ratio_to_bare_post: withRange(ratios),
    ratio_to_bare_post_without_receipts: withRange(ratiosWithout),
    ...(temporal.length === 0
      ? {}
      : {
          temporal_floor_per_s: median(temporal.map((floor) => floor.perSecond)).toFixed(1),
          temporal_floor_settings: temporal.map((floor) => floor.settings).join('; '),
          times_temporal_floor: withRange(timesFloor, 0),
          growth_100k_vs_10k: withRange(growth),
        }),
    cpu_ms_per_contact: of((r) => (r.cpuSeconds / people) * 1_000).toFixed(3),
    sql_per_contact: of((r) => r.statements / people).toFixed(3),
    events_per_contact: of((r) => r.events / people).toFixed(4),
    runs_started: of((r) => r.runs),
    mean_cohort: of((r) => r.meanCohort).toFixed(0),
    rss_mb: rss.toFixed(0),
  });
}
