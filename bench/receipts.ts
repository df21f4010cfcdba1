import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { printFigures, sleep } from './support/figures.ts';
import { startProcess } from './support/processes.ts';
import { queueCampaign } from './support/queued-campaign.ts';
import { signature } from './support/signed-form.ts';
import { businessNumber, type Stack, startStack } from './support/stack.ts';

type Sent = { readonly attempt: string; readonly sid: string; readonly number: string };

/** Messages that a provider took and has not reported on yet. */
async function acceptedMessages(stack: Stack, count: number): Promise<Sent[]> {
  await queueCampaign(stack, count);
  const { owner, workspaceId } = stack;
  await owner.query('DELETE FROM message_queue');
  await owner.query(`UPDATE messages SET state = 'accepted', accepted_at = now()`);
  await owner.query(
    `INSERT INTO message_attempts (workspace_id, id, message_id, account_id, state, epoch, started_at, settled_at, provider_id)
     SELECT workspace_id, gen_random_uuid(), id, account_id, 'accepted', 1, now(), now(), 'SM' || md5(id::text) FROM messages`,
  );
  await owner.query('VACUUM ANALYZE messages');
  await owner.query('VACUUM ANALYZE message_attempts');
  await owner.query('CHECKPOINT');
  const rows = await owner.query<{ attempt: string; sid: string; number: string }>(
    `SELECT a.id AS attempt, a.provider_id AS sid, m.number FROM message_attempts a JOIN messages m ON m.workspace_id = a.workspace_id AND m.id = a.message_id WHERE a.workspace_id = $1`,
    [workspaceId],
  );
  return rows.rows;
}

/** Posts a receipt for each at a concurrency; what was answered with 2xx, and how many that is a second. */
async function postAll(
  stack: Stack,
  base: string,
  sent: readonly Sent[],
  concurrency: number,
  answered: (sid: string) => void = () => undefined,
): Promise<number> {
  const agent = new Agent({ connections: concurrency, keepAliveTimeout: 30_000, pipelining: 1 });
  let next = 0;
  let good = 0;
  const began = performance.now();
  const post = async (): Promise<void> => {
    while (next < sent.length) {
      const one = sent[next++];
      if (one === undefined) return;
      const url = `${base}/webhooks/twilio/${stack.accountId}/status?attempt=${one.attempt}`;
      const params = {
        AccountSid: stack.accountSid,
        MessageSid: one.sid,
        MessageStatus: 'delivered',
        SmsSid: one.sid,
        SmsStatus: 'delivered',
        To: one.number,
        From: businessNumber,
        ApiVersion: '2010-04-01',
      };
      const response = await request(url, {
        method: 'POST',
        dispatcher: agent,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-twilio-signature': signature(stack.authToken, url, params),
        },
        body: new URLSearchParams(params).toString(),
      });
      await response.body.dump();
      if (response.statusCode >= 200 && response.statusCode < 300) {
        good += 1;
        answered(one.sid);
      } else throw new Error(`A receipt was answered ${response.statusCode}.`);
    }
  };
  const posts = await Promise.allSettled(Array.from({ length: concurrency }, post));
  const seconds = (performance.now() - began) / 1_000;
  await agent.destroy();
  const failed = posts.find((each) => each.status === 'rejected');
  if (failed !== undefined && good === 0) throw failed.reason;
  return good / seconds;
}

/**
 * Receipts a second, beside a bare route that verifies, commits in groups and inserts one row; and whether any that was answered is lost
 * when the process that answered is killed.
 *
 * @param options `count` receipts for each of three concurrencies, `quick` for a look.
 */
export async function run(options: ReadonlyMap<string, string>): Promise<void> {
  const count = Number(options.get('count') ?? (options.has('quick') ? 4_000 : 20_000));
  const concurrencies = [32, 96, 256];
  const stack = await startStack({ roles: ['api'] });
  try {
    const sent = await acceptedMessages(stack, count * (concurrencies.length + 1));
    const bare = await startProcess(fileURLToPath(new URL('support/bare-receipts.ts', import.meta.url)), [], {
      DATABASE_URL: stack.ownerUrl,
      AUTH_TOKEN: stack.authToken,
    });
    let best = 0;
    let floor = 0;
    for (const [index, concurrency] of concurrencies.entries()) {
      const mine = sent.slice(index * count, (index + 1) * count);
      const bareRate = await postAll(stack, bare.url, mine, concurrency);
      const rate = await postAll(stack, stack.apiUrl, mine, concurrency);
      console.log(`${concurrency} at once: ${rate.toFixed(0)}/s, bare ${bareRate.toFixed(0)}/s`);
      best = Math.max(best, rate);
      floor = Math.max(floor, bareRate);
    }
    await bare.stop();

    const last = sent.slice(concurrencies.length * count);
    const answered = new Set<string>();
    const posting = postAll(stack, stack.apiUrl, last, 96, (sid) => answered.add(sid));
    while (answered.size < count / 3) await sleep(5);
    for (const pid of stack.pids()) process.kill(pid, 'SIGKILL');
    await posting;
    const stored = await stack.owner.query<{ provider_id: string }>('SELECT provider_id FROM message_receipts');
    const known = new Set(stored.rows.map((row) => row.provider_id));
    const lost = [...answered].filter((sid) => !known.has(sid)).length;
    printFigures({
      receipts_per_s: best.toFixed(0),
      bare_receipts_per_s: floor.toFixed(0),
      ratio_to_bare_insert: (best / floor).toFixed(2),
      answered_before_the_kill: answered.size,
      lost_by_the_kill: lost,
    });
  } finally {
    await stack.close();
  }
}
