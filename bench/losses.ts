import { queueState } from '@signalbox/engine/db/states';
import { clicksend } from '@signalbox/engine/providers/clicksend';
import { plivo } from '@signalbox/engine/providers/plivo';
import type { Provider } from '@signalbox/engine/providers/provider';
import { vonage } from '@signalbox/engine/providers/vonage';
import { printFigures, sleep } from './support/figures.ts';
import { queueCampaign } from './support/queued-campaign.ts';
import { asRecord, businessNumber, type Stack, startStack, waitFor } from './support/stack.ts';

/** Short leases, so that what a kill leaves in doubt is soon known. */
const shortLeases = {
  DISPATCH_LEASE_MS: '4000',
  DISPATCH_HTTP_TIMEOUT_MS: '2000',
  DISPATCH_MARGIN_MS: '200',
  UNKNOWN_LOOKUP_EVERY_MS: '500',
  UNKNOWN_DEADLINE_MS: '20000',
  UNKNOWN_LINE_MS: '1000',
};
const [api, worker] = [0, 1];

/** Adds an account as somebody does who connects a provider of the demo carrier. @returns its id in the database. */
async function addAccount(stack: Stack, { type, title, account }: Provider, sender: string): Promise<string> {
  const made = asRecord(
    await stack.api('POST', '/accounts', {
      ...account.example,
      provider: type,
      name: title,
      base_url: stack.carrierUrl,
      senders: [{ address: sender, kind: 'long_code' }],
      opt_out_handling: 'signalbox',
    }),
  );
  return new URL(String(made['webhook_url'])).pathname.split('/')[3] ?? '';
}

/** Attempts begun whose requests may be under way: what a kill may leave in doubt. */
async function inFlight({ owner }: Stack): Promise<number> {
  const rows = await owner.query<{ n: string }>('SELECT count(*) AS n FROM message_queue WHERE state = $1', [
    queueState.dispatching,
  ]);
  return Number(rows.rows[0]?.n ?? 0);
}

async function waiting({ owner }: Stack): Promise<number> {
  const rows = await owner.query<{ n: string }>('SELECT count(*) AS n FROM message_queue');
  return Number(rows.rows[0]?.n ?? 0);
}

/** How often the carrier took a message to each number. */
async function takenByNumber(stack: Stack): Promise<Map<string, number>> {
  const taken = new Map<string, number>();
  for (let after: number | null = 0; after !== null; ) {
    const page = asRecord(await stack.carrier('GET', `/_carrier/ledger?after=${after}&limit=1000`));
    for (const entry of Array.isArray(page['data']) ? page['data'] : []) {
      const { origin, to } = asRecord(entry);
      if (origin === 'api') taken.set(String(to), (taken.get(String(to)) ?? 0) + 1);
    }
    after = page['next_after'] === null ? null : Number(page['next_after']);
  }
  return taken;
}

/**
 * A campaign over four accounts of four providers, of whose requests one in twenty is taken and then times out, while engines are killed
 * and PostgreSQL is restarted: what of it is lost, and what went out twice.
 *
 * @param options `count` messages (100,000), `every` seconds between the faults (5), `quick` for a look.
 */
export async function run(options: ReadonlyMap<string, string>): Promise<void> {
  const count = Number(options.get('count') ?? (options.has('quick') ? 10_000 : 100_000));
  const everyMs = 1_000 * Number(options.get('every') ?? 5);
  const stack = await startStack({ roles: ['api', 'worker'], env: shortLeases });
  try {
    const from = [{ accountId: stack.accountId, sender: businessNumber }];
    for (const [index, provider] of [plivo, clicksend, vonage].entries()) {
      const sender = `+1202555011${index}`;
      from.push({ accountId: await addAccount(stack, provider, sender), sender });
    }
    await stack.carrier('POST', '/_carrier/faults', { kind: 'accept_then_timeout', probability: 0.05, ms: 4_000 });
    await queueCampaign(stack, count, from);
    const began = performance.now();
    const faults = { kills: 0, restarts: 0, struck: 0 };
    while ((await waiting(stack)) > count / 20) {
      await sleep(everyMs);
      const turn = (faults.kills + faults.restarts) % 3;
      faults.struck += await inFlight(stack);
      if (turn === 2) {
        await stack.restartPostgres();
        faults.restarts += 1;
      } else {
        const index = turn === 0 ? worker : api;
        await stack.kill(index);
        await stack.startAgain(index);
        faults.kills += 1;
      }
    }
    await waitFor('the queue to be empty', async () => (await waiting(stack)) === 0, 300_000, 500);
    const seconds = (performance.now() - began) / 1_000;
    const taken = await takenByNumber(stack);
    const rows = await stack.owner.query<{ number: string; state: string; gave_up: boolean }>(
      `SELECT m.number, m.state, EXISTS (SELECT 1 FROM message_attempts a WHERE a.workspace_id = m.workspace_id AND a.message_id = m.id AND a.state = 'gave_up') AS gave_up
       FROM messages m WHERE m.workspace_id = $1 AND m.direction = 'out'`,
      [stack.workspaceId],
    );
    const notSent = new Set(['refused', 'failed', 'expired', 'canceled']);
    const missing = rows.rows.filter(({ number }) => !taken.has(number));
    const { data: rules } = asRecord(await stack.carrier('GET', '/_carrier/faults'));
    const timedOut = Array.isArray(rules)
      ? rules.reduce((sum: number, rule) => sum + Number(asRecord(rule)['hits']), 0)
      : 0;
    const figures = {
      messages: rows.rows.length,
      seconds: seconds.toFixed(0),
      taken_and_timed_out: timedOut,
      kills: faults.kills,
      postgres_restarts: faults.restarts,
      in_flight_at_the_faults: faults.struck,
      taken_by_the_carrier: taken.size,
      closed_by_name: missing.filter(({ state }) => notSent.has(state)).length,
      gave_up: missing.filter(({ gave_up }) => gave_up).length,
      lost: missing.filter(({ state, gave_up }) => !gave_up && !notSent.has(state)).length,
      told_as_not_sent_but_taken: rows.rows.filter(
        ({ number, state }) => taken.has(number) && state !== 'failed' && notSent.has(state),
      ).length,
      doubled: [...taken.values()].filter((times) => times > 1).length,
    };
    printFigures(figures);
    if (figures.lost > 0 || figures.doubled > 0 || figures.gave_up > faults.struck) process.exitCode = 1;
  } finally {
    await stack.close();
  }
}
