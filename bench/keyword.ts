import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolderPath } from '@signalbox/launcher/data-folder';
import { startTemporal } from '@signalbox/launcher/temporal';
import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { Agent, request } from 'undici';
import { floorWorkflows } from './support/bare-workflows.ts';
import { median, percentile, printFigures, sleep, withRange } from './support/figures.ts';
import type { FloorActivities } from './support/floor-activities.ts';
import { asRecord, businessNumber, type Stack, startStack, waitFor } from './support/stack.ts';

/** A phone per sample: nobody texts twice. */
const phoneOf = (index: number): string => `+1202${7_000_000 + index}`;

/** Texts at the given times of an open clock, one person each, and waits for the answers; returns the latencies in ms. */
async function textAll(
  stack: Stack,
  first: number,
  count: number,
  everyMs: number,
): Promise<{ latencies: number[]; unanswered: number }> {
  const began = performance.now();
  const sent = new Map<string, number>();
  const posts: Promise<unknown>[] = [];
  for (let index = 0; index < count; index += 1) {
    const due = began + index * everyMs;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    const phone = phoneOf(first + index);
    sent.set(phone, due);
    posts.push(
      stack.carrier('POST', `/_carrier/phones/${encodeURIComponent(phone)}/messages`, {
        to: businessNumber,
        body: 'JOIN',
      }),
    );
  }
  await Promise.all(posts);
  const all = async (): Promise<boolean> => {
    const answered = await answers(stack);
    return [...sent.keys()].every((phone) => answered.has(phone));
  };
  await waitFor('the answers', all, 30_000, 500).catch(() => undefined);
  const answered = await answers(stack);
  const origin = Date.now() - performance.now();
  const latencies: number[] = [];
  for (const [phone, due] of sent) {
    const at = answered.get(phone);
    if (at !== undefined) latencies.push(at - (origin + due));
  }
  return { latencies, unanswered: count - latencies.length };
}

/** When the carrier accepted the first answer to each phone, epoch ms. */
async function answers(stack: Stack): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  let after = 0;
  for (;;) {
    const page = asRecord(await stack.carrier('GET', `/_carrier/ledger?after=${after}&limit=1000`));
    const messages = Array.isArray(page['data']) ? page['data'] : [];
    for (const entry of messages) {
      const message = asRecord(entry);
      if (message['origin'] === 'api') found.set(String(message['to']), Number(message['createdAt']));
    }
    const next = Number(page['next_after'] ?? after);
    if (messages.length === 0 || next === after) return found;
    after = next;
  }
}

/** p50 of bare workflows: from the client's call to the carrier's acceptance by the carrier's own clock, one at a time. */
async function bareWorkflows(stack: Stack, samples: number, round: number): Promise<{ plain: number; eager: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-floor-'));
  const temporal = await startTemporal({
    dbFile: join(folder, 'temporal.db'),
    cacheDir: cacheFolderPath(),
    log: () => undefined,
  });
  const connection = await NativeConnection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace: temporal.namespace });
  const agent = new Agent({ connections: 8, keepAliveTimeout: 30_000 });
  const authorization = `Basic ${Buffer.from(`${stack.accountSid}:${stack.authToken}`).toString('base64')}`;
  const url = `${stack.carrierUrl}/2010-04-01/Accounts/${stack.accountSid}/Messages.json`;
  const activities: FloorActivities = {
    touch: async (id) => id,
    post: async (to) => {
      const response = await request(url, {
        dispatcher: agent,
        method: 'POST',
        headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ To: to, From: businessNumber, Body: 'Thanks for joining.' }).toString(),
      });
      await response.body.text();
      return to;
    },
  };
  const worker = await Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue: 'floor',
    workflowsPath: floorWorkflows,
    activities,
  });
  const measure = async (type: string, offset: number, eager: boolean): Promise<number> => {
    const began = new Map<string, number>();
    for (let index = 0; index < samples + 10; index += 1) {
      const to = `+1202${8_000_000 + offset + index}`;
      if (index >= 10) began.set(to, performance.now());
      await client.workflow.execute(type, {
        taskQueue: 'floor',
        workflowId: `${type}-${offset}-${index}`,
        args: [to],
        ...(eager ? { requestEagerStart: true } : {}),
      });
      await sleep(20);
    }
    const accepted = await answers(stack);
    const origin = Date.now() - performance.now();
    return median([...began].map(([to, at]) => (accepted.get(to) ?? Number.NaN) - (origin + at)));
  };
  const result = await worker.runUntil(async () => ({
    plain: await measure('replyFloor', round * 10_000, false),
    eager: await measure('replyFloorLocal', 500_000 + round * 10_000, true),
  }));
  await connection.close();
  await temporal.stop();
  await agent.close();
  rmSync(folder, { recursive: true, force: true });
  return result;
}

/** @param options `samples` a run (1,000), `pairs` interleaved with the floors (3), `quick` for a look. */
export async function run(options: ReadonlyMap<string, string>): Promise<void> {
  const quick = options.has('quick');
  const samples = Number(options.get('samples') ?? (quick ? 200 : 1_000));
  const pairs = quick ? 1 : Number(options.get('pairs') ?? 3);
  const alonePart = Math.ceil(samples / pairs);
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const roles = (options.get('roles') ?? 'api,worker').split('+');
  const stack = await startStack({ roles });
  const alone: number[] = [];
  const load: number[] = [];
  const toPlain: number[] = [];
  const toEager: number[] = [];
  let unanswered = 0;
  let meanCohort = 0;
  try {
    const w = flow('Keyword');
    const join = w.step('join', keyword, { keywords: ['JOIN'], match: 'first_word' });
    const answer = w.step('answer', sendSms, { text: 'Thanks for joining.', purpose: 'transactional' });
    join.to('next', answer);
    await stack.publish('Keyword', w.graph());
    let next = 0;
    await textAll(stack, next, 30, 100);
    next += 30;
    for (let pair = 0; pair < pairs; pair += 1) {
      const mine = await textAll(stack, next, alonePart, 150);
      next += alonePart;
      const floor = await bareWorkflows(stack, Math.max(100, alonePart), pair);
      alone.push(...mine.latencies);
      unanswered += mine.unanswered;
      toPlain.push(median(mine.latencies) / floor.plain);
      toEager.push(median(mine.latencies) / floor.eager);
      console.log(
        `alone p50 ${median(mine.latencies).toFixed(1)} ms; bare workflow ${floor.plain.toFixed(1)} ms, eager with a local activity ${floor.eager.toFixed(1)} ms`,
      );
    }
    const since = new Date();
    const burst = await textAll(stack, next, samples, 20);
    meanCohort = await meanSize(stack, since);
    load.push(...burst.latencies);
    unanswered += burst.unanswered;
  } finally {
    await stack.close();
  }
  printFigures({
    samples_alone: alone.length,
    samples_under_load: load.length,
    engine_processes: roles.join(' + '),
    alone_p50_ms: median(alone).toFixed(1),
    alone_p99_ms: percentile(alone, 0.99).toFixed(1),
    load_p50_ms: median(load).toFixed(1),
    load_p99_ms: percentile(load, 0.99).toFixed(1),
    unanswered,
    mean_cohort_under_load: meanCohort.toFixed(2),
    ratio_to_bare_workflow: withRange(toPlain),
    ratio_to_eager_workflow: withRange(toEager),
  });
}

/** Mean size of the runs that were made since. */
async function meanSize(stack: Stack, since: Date): Promise<number> {
  const rows = await stack.owner.query<{ mean: string }>('SELECT avg(size) AS mean FROM runs WHERE created_at >= $1', [
    since,
  ]);
  return Number(rows.rows[0]?.mean);
}
