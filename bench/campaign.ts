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
import { median, printFigures, withRange } from './support/figures.ts';
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
  readonly statements: number;
  readonly events: number;
  readonly runs: number;
  readonly meanCohort: number;
};

async function oneCampaign(stack: Stack, people: number): Promise<Run> {
  const flowId = await stack.publish(`Campaign of ${people}`, campaign());
  await stack.carrier('DELETE', '/_carrier/ledger');
  await stack.owner.query('CHECKPOINT');
  const before = { cpu: stack.engineCpu(), statements: await stack.statements(), runs: await runCount(stack) };
  const began = performance.now();
  await stack.api('POST', `/flows/${flowId}/enrollments`, { condition: { all: [] } });
  const limit = people * 5 + 60_000;
  await waitFor('all messages to be accepted', async () => (await accepted(stack)) >= people, limit, 200);
  const acceptedMs = performance.now() - began;
  await waitFor(
    'all receipts to be applied and everyone to end',
    async () => {
      const rows = await stack.owner.query<{ delivered: string; ended: string }>(
        `SELECT (SELECT count(*) FROM messages WHERE flow_id = f.id AND state = 'delivered') AS delivered,
           (SELECT count(*) FROM enrollment_history WHERE flow_id = f.id) AS ended FROM flows f ORDER BY created_at DESC LIMIT 1`,
      );
      return Number(rows.rows[0]?.delivered) >= people && Number(rows.rows[0]?.ended) >= people;
    },
    limit,
    200,
  );
  const wholeMs = performance.now() - began;
  const after = { cpu: stack.engineCpu(), statements: await stack.statements(), runs: await runCount(stack) };
  const runs = after.runs - before.runs;
  const sizes = await stack.owner.query<{ mean: string }>(
    'SELECT avg(size) AS mean FROM runs WHERE flow_id = (SELECT id FROM flows ORDER BY created_at DESC LIMIT 1)',
  );
  return {
    acceptedPerSecond: people / (acceptedMs / 1_000),
    allReceiptsPerSecond: people / (wholeMs / 1_000),
    cpuSeconds: after.cpu - before.cpu,
    statements: after.statements - before.statements,
    events: await historyEvents(stack),
    runs,
    meanCohort: Number(sizes.rows[0]?.mean),
  };
}

async function accepted(stack: Stack): Promise<number> {
  const counts = asRecord(await stack.carrier('GET', '/_carrier/ledger/counts'));
  return Number(counts['accepted'] ?? 0);
}

async function runCount(stack: Stack): Promise<number> {
  return Number((await stack.owner.query<{ n: string }>('SELECT count(*) AS n FROM runs')).rows[0]?.n);
}

/** History events of every run of the newest flow, counted from the histories themselves. */
async function historyEvents(stack: Stack): Promise<number> {
  const runs = await stack.owner.query<{ id: string }>(
    'SELECT id FROM runs WHERE flow_id = (SELECT id FROM flows ORDER BY created_at DESC LIMIT 1)',
  );
  const connection = await Connection.connect({ address: stack.temporalAddress });
  const client = new Client({ connection });
  let events = 0;
  for (const run of runs.rows) {
    const description = await client.workflow.getHandle(`run-${run.id}`).describe();
    events += description.historyLength;
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
  console.log(stack.cpuByPart());
}

/** @param options `small` and `large` set the sizes, `pairs` the interleaved pairs, `quick` is one small pair for a look. */
export async function run(options: ReadonlyMap<string, string>): Promise<void> {
  const quick = options.has('quick');
  const small = Number(options.get('small') ?? 10_000);
  const large = Number(options.get('large') ?? 100_000);
  const pairs = quick ? 1 : Number(options.get('pairs') ?? 3);
  const roles = (options.get('roles') ?? 'api+worker').split('+');
  const sizes = { small: [] as Run[], large: [] as Run[] };
  const ratios: number[] = [];
  const growth: number[] = [];
  const bare: number[] = [];
  let rss = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    for (const [name, people] of quick
      ? ([['small', small]] as const)
      : ([
          ['small', small],
          ['large', large],
        ] as const)) {
      const stack = await startStack({ roles });
      try {
        await stack.addContacts(people);
        const floor = await barePosts(stack, Math.min(people, 20_000));
        const result = await oneCampaign(stack, people);
        sizes[name].push(result);
        rss = Math.max(rss, stack.engineRss());
        if (options.has('profile')) await profile(stack);
        bare.push(floor.perSecond);
        ratios.push(result.acceptedPerSecond / floor.perSecond);
        console.log(
          `${name} ${people}: ${result.acceptedPerSecond.toFixed(0)} accepted/s, ${result.allReceiptsPerSecond.toFixed(0)}/s with receipts; bare ${floor.perSecond.toFixed(0)}/s at ${floor.concurrency}; ` +
            `${((result.cpuSeconds / people) * 1_000).toFixed(3)} CPU ms/contact, ${(result.statements / people).toFixed(3)} SQL/contact, ${(result.events / people).toFixed(4)} events/contact, ${result.runs} runs of ${result.meanCohort.toFixed(0)}, ${rss.toFixed(0)} MB`,
        );
      } finally {
        await stack.close();
      }
    }
    const [a, b] = [sizes.small.at(-1), sizes.large.at(-1)];
    if (a !== undefined && b !== undefined) growth.push(b.cpuSeconds / large / (a.cpuSeconds / small));
  }
  const floor = quick ? null : await temporalFloor();
  const main = quick ? sizes.small : sizes.large;
  const people = quick ? small : large;
  const of = (pick: (run: Run) => number) => median(main.map(pick));
  printFigures({
    contacts: people,
    engine_processes: roles.join(' + '),
    msgs_per_s: of((r) => r.acceptedPerSecond).toFixed(0),
    msgs_per_s_with_all_receipts_applied: of((r) => r.allReceiptsPerSecond).toFixed(0),
    bare_posts_per_s: median(bare).toFixed(0),
    ratio_to_bare_post: withRange(ratios),
    ...(floor === null
      ? {}
      : {
          temporal_floor_per_s: floor.perSecond.toFixed(1),
          temporal_floor_settings: floor.settings,
          times_temporal_floor: (of((r) => r.acceptedPerSecond) / floor.perSecond).toFixed(0),
        }),
    ...(growth.length === 0 ? {} : { growth_100k_vs_10k: withRange(growth) }),
    cpu_ms_per_contact: of((r) => (r.cpuSeconds / people) * 1_000).toFixed(3),
    sql_per_contact: of((r) => r.statements / people).toFixed(3),
    events_per_contact: of((r) => r.events / people).toFixed(4),
    runs_started: of((r) => r.runs),
    mean_cohort: of((r) => r.meanCohort).toFixed(0),
    rss_mb: rss.toFixed(0),
  });
}
