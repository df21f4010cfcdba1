import { connect, createServer, type Socket } from 'node:net';
import { flow } from '@signalbox/nodes/flow/builder';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { end } from '@signalbox/nodes/library/end/end';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { printFigures, sleep } from './support/figures.ts';
import { acceptedCount } from './support/queued-campaign.ts';
import { asRecord, type Stack, startStack, waitFor } from './support/stack.ts';

const numbers = { first: '+12025550177', second: '+12025550188' };

/** `down`: refuses connections. `errors`: answers 500. `drops`: resets connections. `slow`: says nothing until the time-out. */
const faults = ['down', 'errors', 'drops', 'slow'] as const;
type Fault = (typeof faults)[number];

/** The way to the carrier that the first account takes; with it closed nobody listens there. */
async function createWay(carrierUrl: string) {
  const target = new URL(carrierUrl);
  const sockets = new Set<Socket>();
  let port = 0;
  const server = createServer((client) => {
    const carrier = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [client, carrier],
      [carrier, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.pipe(carrier).pipe(client);
  });
  const open = () =>
    new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        if (address !== null && typeof address === 'object') port = address.port;
        resolve();
      });
    });
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  await open();
  return { url: () => `http://127.0.0.1:${port}`, open, close };
}

/** Two accounts, and a route over a number of each, in that order: no route names the number that the stack has already. */
async function addAccounts(stack: Stack, firstUrl: string): Promise<void> {
  const accounts = [
    { name: 'First', base_url: firstUrl, account_sid: `AC${'5'.repeat(32)}`, number: numbers.first },
    { name: 'Second', base_url: stack.carrierUrl, account_sid: `AC${'6'.repeat(32)}`, number: numbers.second },
  ];
  for (const { number, ...account } of accounts) {
    const token = { auth_token: `token-of-the-${account.name}-account` };
    const known = { ...token, opt_out: 'customer', numbers: [{ number }] };
    await stack.carrier('PUT', `/_carrier/accounts/${account.account_sid}`, known);
    await stack.api('POST', '/accounts', {
      ...account,
      ...token,
      provider: 'twilio',
      opt_out_handling: 'signalbox',
      senders: [{ address: number, kind: 'long_code' }],
    });
  }
  const listed = asRecord(await stack.api('GET', '/senders'))['data'];
  const senders = (Array.isArray(listed) ? listed : []).map(asRecord);
  const members = Object.values(numbers).map((number) => ({
    sender_id: String(senders.find(({ address }) => address === number)?.['id']),
  }));
  const route = { name: 'Home', countries: ['US'], purposes: [], mode: 'order', senders: members };
  await stack.api('PATCH', '/routes', { routes: [route] }, '*');
}

function campaign(): FlowGraph {
  const w = flow('Campaign');
  const start = w.step('start', apiEvent, { event: 'campaign_started' });
  const send = w.step('send', sendSms, { text: 'Members get 10% off today.', purpose: 'marketing' });
  start.to('next', send);
  send.to('sent', w.step('done', end, {}));
  return w.graph();
}

/** People who never got anything, with a mark of their own: somebody who knows a sender keeps it. */
async function addPeople({ owner, workspaceId }: Stack, mark: Fault, count: number): Promise<void> {
  await owner.query(
    `WITH people AS (
       INSERT INTO contacts (workspace_id, id, phone, attributes, created_at, updated_at)
       SELECT $1, md5(i::text || $2)::uuid, '+1303' || (2000000 + $3 * 1000000 + i), jsonb_build_object('mark', $2::text), now(), now()
       FROM generate_series(1, $4::int) AS i RETURNING workspace_id, id, phone
     ), numbered AS (INSERT INTO numbers (workspace_id, number) SELECT workspace_id, phone FROM people)
     INSERT INTO consents (workspace_id, contact_id, purpose, state, since) SELECT workspace_id, id, 'marketing', 'granted', now() FROM people`,
    [workspaceId, mark, faults.indexOf(mark), count],
  );
  await owner.query('ANALYZE contacts, numbers, consents');
}

type Accepted = { readonly to: string; readonly from: string; readonly at: number };

/** What the carrier took over its APIs. */
async function ledger(stack: Stack): Promise<Accepted[]> {
  const found: Accepted[] = [];
  for (let after = 0; ; ) {
    const page = asRecord(await stack.carrier('GET', `/_carrier/ledger?after=${after}&limit=1000`));
    const messages = (Array.isArray(page['data']) ? page['data'] : []).map(asRecord);
    for (const { origin, to, from, createdAt } of messages)
      if (origin === 'api') found.push({ to: String(to), from: String(from), at: Number(createdAt) });
    const next = Number(page['next_after'] ?? after);
    if (messages.length === 0 || next === after) return found;
    after = next;
  }
}

/** When the first account last went up or down, by the clock; null while it is not so. */
async function sinceWhen({ owner }: Stack, health: 'up' | 'down'): Promise<number | null> {
  const rows = await owner.query<{ health_since: Date | null }>(
    "SELECT health_since FROM accounts WHERE name = 'First' AND health = $1",
    [health],
  );
  return rows.rows[0]?.health_since?.getTime() ?? null;
}

async function breakFirst(stack: Stack, way: { close: () => void }, fault: Fault): Promise<void> {
  if (fault === 'down') return way.close();
  const what = {
    errors: { kind: 'refuse', status: 500 },
    drops: { kind: 'drop' },
    slow: { kind: 'hang', ms: 60_000 },
  }[fault];
  await stack.carrier('POST', '/_carrier/faults', { ...what, from: numbers.first });
}

/** One campaign in the middle of which the first account stops working; its figures. */
async function oneFault(
  stack: Stack,
  way: { open: () => Promise<void>; close: () => void },
  fault: Fault,
  people: number,
): Promise<Record<string, string | number>> {
  await addPeople(stack, fault, people);
  await stack.carrier('DELETE', '/_carrier/ledger');
  const flowId = await stack.publish(`Campaign, ${fault}`, campaign());
  await stack.api('POST', `/flows/${flowId}/enrollments`, {
    condition: { all: [{ field: 'contact.attributes.mark', op: 'is', value: fault }] },
  });
  await waitFor('the campaign to go', async () => (await acceptedCount(stack)) > people / 10, 120_000, 10);
  const brokeAt = Date.now();
  await breakFirst(stack, way, fault);
  let openedAt: number | null = null;
  await waitFor(
    'the breaker to open',
    async () => {
      openedAt = await sinceWhen(stack, 'down');
      return openedAt !== null;
    },
    60_000,
    10,
  );
  const opened = openedAt ?? Number.NaN;
  await sleep(Math.max(0, opened + 15_000 - Date.now()));
  const sent = await ledger(stack);
  // What nobody knows of was perhaps sent: it stays with its account.
  const unknown = await stack.owner.query<{ number: string }>(
    `SELECT DISTINCT m.number FROM message_attempts a JOIN messages m ON m.workspace_id = a.workspace_id AND m.id = a.message_id
     WHERE a.state IN ('unknown', 'gave_up') AND m.number LIKE $1`,
    [`+1303${2 + faults.indexOf(fault)}%`],
  );
  const unsure = new Set(unknown.rows.map(({ number }) => number));
  const before = new Set(sent.flatMap(({ to, at }) => (at < opened ? [to] : [])));
  const moved = new Set(
    sent.flatMap(({ to, from, at }) =>
      from === numbers.second && at >= opened && at <= opened + 15_000 && !unsure.has(to) ? [to] : [],
    ),
  );
  const rest = people - new Set([...before, ...unsure]).size;
  const mendedAt = Date.now();
  if (fault === 'down') await way.open();
  else await stack.carrier('DELETE', '/_carrier/faults');
  // Somebody writes to new people now and then: what is tried is a message.
  let asked = 0;
  let backAt: number | null = null;
  await waitFor(
    'a probe to bring the account back',
    async () => {
      await stack.api('POST', '/messages', {
        messages: [
          { to: `+1720${5_000_000 + faults.indexOf(fault) * 10_000 + asked}`, text: 'Your order is on its way.' },
        ],
        purpose: 'transactional',
      });
      asked += 1;
      backAt = await sinceWhen(stack, 'up');
      return backAt !== null;
    },
    90_000,
    500,
  );
  const all = await ledger(stack);
  const repeats = asRecord(await stack.carrier('GET', '/_carrier/ledger/repeats'))['data'];
  return {
    breaker_open_ms: opened - brokeAt,
    accepted_by_the_first: before.size,
    unknown: unsure.size,
    rest,
    moved_share_after_15s: (moved.size / Math.max(1, rest)).toFixed(4),
    probe_back_ms: (backAt ?? Number.NaN) - mendedAt,
    doubled: Array.isArray(repeats) ? repeats.length : Number.NaN,
    from_other_senders: all.filter(({ from }) => from !== numbers.first && from !== numbers.second).length,
  };
}

/** @param options `people` of each campaign (6,000), `faults` to try, comma between (all), `quick` for a look. */
export async function run(options: ReadonlyMap<string, string>): Promise<void> {
  const people = Number(options.get('people') ?? (options.has('quick') ? 3_000 : 6_000));
  const wanted = options.get('faults')?.split(',') ?? faults;
  const stack = await startStack({ roles: (options.get('roles') ?? 'api,worker').split('+') });
  try {
    const way = await createWay(stack.carrierUrl);
    await addAccounts(stack, way.url());
    for (const fault of faults.filter((each) => wanted.includes(each))) {
      const figures = await oneFault(stack, way, fault, people);
      printFigures(Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${fault}_${name}`, value])));
    }
    way.close();
  } finally {
    await stack.close();
  }
}
