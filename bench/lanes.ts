import { median, percentile, printFigures, sleep } from './support/figures.ts';
import { acceptedCount, queueCampaign } from './support/queued-campaign.ts';
import { asRecord, type Stack, startStack, waitFor } from './support/stack.ts';

const phoneOf = (index: number): string => `+1202${9_000_000 + index}`;

/** Messages a second that the carrier accepts while something goes on. */
async function rateDuring<T>(stack: Stack, work: () => Promise<T>): Promise<{ perSecond: number; result: T }> {
  const [before, began] = [await acceptedCount(stack), performance.now()];
  const result = await work();
  const seconds = (performance.now() - began) / 1_000;
  return { perSecond: ((await acceptedCount(stack)) - before) / seconds, result };
}

/** Sends one-time passwords at the given times of an open clock. @returns when each was due, by its number. */
async function sendPasswords(
  stack: Stack,
  first: number,
  count: number,
  everyMs: number,
): Promise<Map<string, number>> {
  const began = performance.now();
  const due = new Map<string, number>();
  const posts: Promise<unknown>[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = began + index * everyMs;
    const wait = at - performance.now();
    if (wait > 0) await sleep(wait);
    due.set(phoneOf(first + index), performance.timeOrigin + at);
    posts.push(
      stack.api('POST', '/messages', {
        messages: [{ to: phoneOf(first + index), text: 'Your code is 123456.' }],
        purpose: 'transactional',
        lane: 'otp',
      }),
    );
  }
  await Promise.all(posts);
  return due;
}

/** How long each took from when it was due until the carrier accepted it, by its ledger from a place on: read after what is measured. */
async function latenciesOf(stack: Stack, due: ReadonlyMap<string, number>, from: number): Promise<number[]> {
  const arrived = new Map<string, number>();
  let after = from;
  await waitFor(
    'the passwords to be accepted',
    async () => {
      for (;;) {
        const page = asRecord(await stack.carrier('GET', `/_carrier/ledger?after=${after}&limit=1000`));
        const messages = Array.isArray(page['data']) ? page['data'] : [];
        for (const entry of messages) {
          const message = asRecord(entry);
          if (due.has(String(message['to']))) arrived.set(String(message['to']), Number(message['createdAt']));
        }
        const next = Number(page['next_after'] ?? after);
        if (messages.length === 0 || next === after) return arrived.size >= due.size;
        after = next;
      }
    },
    60_000,
    500,
  );
  return [...due].map(([phone, at]) => (arrived.get(phone) ?? Number.NaN) - at);
}

/** Pauses the campaign while it goes; milliseconds from the answer to the last message that the carrier accepted. */
async function pauseToLast(stack: Stack): Promise<number> {
  const hold = asRecord(await stack.api('POST', '/queue/holds', { mode: 'pause', lane: 'campaign' }));
  const paused = performance.now();
  let [count, last] = [await acceptedCount(stack), 0];
  // Nothing for so long: what was claimed before the pause has gone.
  while (performance.now() - paused - last < 3_000) {
    await sleep(20);
    const now = await acceptedCount(stack);
    if (now > count) last = performance.now() - paused;
    count = now;
  }
  await stack.api('DELETE', `/queue/holds/${String(hold['id'])}`);
  return last;
}

/** Takes everything that waits in a lane out of the queue; seconds from the end of the time to undo it, and how many. */
async function cancelAll(stack: Stack, lane: string): Promise<{ canceled: number; seconds: number }> {
  const begun = asRecord(await stack.api('POST', '/queue/cancels', { lane }));
  const startsAt = Date.parse(String(asRecord(begun['cancel'])['starts_at']));
  const now = async () => {
    const list = asRecord(await stack.api('GET', '/queue/holds'))['data'];
    const found = (Array.isArray(list) ? list : []).map(asRecord).find((entry) => entry['id'] === begun['id']);
    return asRecord(found?.['cancel']);
  };
  await waitFor('the cancel to be done', async () => (await now())['finished_at'] !== null, 180_000, 250);
  const { canceled, finished_at: finishedAt } = await now();
  return { canceled: Number(canceled), seconds: (Date.parse(String(finishedAt)) - startsAt) / 1_000 };
}

/** @param options `queued` campaign messages (1,000,000), `samples` one-time passwords (1,000), `quick` for a look. */
export async function run(options: ReadonlyMap<string, string>): Promise<void> {
  const quick = options.has('quick');
  const queued = Number(options.get('queued') ?? (quick ? 50_000 : 1_000_000));
  const samples = Number(options.get('samples') ?? (quick ? 200 : 1_000));
  const everyMs = 30;
  const stack = await startStack({ roles: (options.get('roles') ?? 'api,worker').split('+') });
  try {
    const hold = asRecord(await stack.api('POST', '/queue/holds', { mode: 'pause', lane: 'campaign' }));
    await queueCampaign(stack, queued);
    const reads: number[] = [];
    for (let index = 0; index < 40; index += 1) {
      const began = performance.now();
      await stack.api('GET', '/queue');
      reads.push(performance.now() - began);
    }
    await stack.api('DELETE', `/queue/holds/${String(hold['id'])}`);
    await waitFor('the campaign to go', async () => (await acceptedCount(stack)) > 500, 60_000);
    const solo: number[] = [];
    const beside: number[] = [];
    const latencies: number[] = [];
    // In turns: what the machine does besides falls on both alike.
    for (let part = 0; part < 2; part += 1) {
      const spanMs = (samples / 2) * everyMs;
      solo.push((await rateDuring(stack, () => sleep(spanMs))).perSecond);
      const from = await acceptedCount(stack);
      const during = await rateDuring(stack, () => sendPasswords(stack, (part * samples) / 2, samples / 2, everyMs));
      beside.push(during.perSecond);
      latencies.push(...(await latenciesOf(stack, during.result, from)));
    }
    const pauseMs = await pauseToLast(stack);
    const cancel = await cancelAll(stack, 'campaign');
    printFigures({
      queued,
      otp_samples: latencies.length,
      otp_p50_ms: median(latencies).toFixed(1),
      otp_p99_ms: percentile(latencies, 0.99).toFixed(1),
      campaign_per_s: median(solo).toFixed(0),
      campaign_per_s_beside_otp: median(beside).toFixed(0),
      campaign_ratio: (median(beside) / median(solo)).toFixed(2),
      queue_read_p95_ms: percentile(reads, 0.95).toFixed(1),
      pause_to_last_dispatch_ms: pauseMs.toFixed(0),
      canceled: cancel.canceled,
      cancel_seconds: cancel.seconds.toFixed(1),
      cancel_seconds_per_500k: ((cancel.seconds / Math.max(1, cancel.canceled)) * 500_000).toFixed(1),
    });
  } finally {
    await stack.close();
  }
}
