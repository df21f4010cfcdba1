import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { dialects } from '@signalbox/demo-carrier/dialects/catalogue.gen';
import type { Callback } from '@signalbox/demo-carrier/dialects/define-dialect';
import type { LedgerMessage } from '@signalbox/demo-carrier/ledger';
import { providers } from '@signalbox/engine/providers/catalogue.gen';
import type { Provider } from '@signalbox/engine/providers/provider';
import { twilio } from '@signalbox/engine/providers/twilio';
import { startDispatcher } from '@signalbox/engine/sending/dispatcher';
import { queueMessages } from '@signalbox/engine/sending/queue';
import { takeShard } from '@signalbox/engine/sending/shards';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, startApiHarness } from '../api/client.ts';
import { phone, until } from '../support/harness.ts';
import { senderOf } from '../support/senders.ts';
import { type AtCarrier, addAtCarrier, addElsewhere, deliver } from './account-at-carrier.ts';
import { loadWires } from './wire.ts';

/** Each provider from end to end: an account added over the API, texts and receipts as the carrier posts them, messages through the dispatcher. */

type Row = {
  readonly name: string;
  readonly provider: Provider;
  /** In the place of the example's. */
  readonly fields: Readonly<Record<string, string>>;
  /** What a request is answered that somebody else signed, or nobody: 403 where it is known to be forged, null where nothing is signed. */
  readonly forged: 403 | 200 | null;
  /** What is signed says when, and is not believed long after. */
  readonly dated: boolean;
  /** A list finds what was sent in doubt; without one a receipt does. */
  readonly listed: boolean;
  /** Receipts say that somebody has opted out. */
  readonly tellsOptOut: boolean;
};

const wires = await loadWires(join(import.meta.dirname, 'wires'));

/** What a provider's wire says of it. */
async function rowOf(provider: Provider): Promise<Row> {
  const wire = await wires.get(provider.type)?.();
  const webhooks = wire?.webhooks ?? [];
  const told = webhooks.flatMap(({ events }) => events);
  await wire?.close();
  return {
    name: provider.title,
    provider,
    fields: {},
    forged: provider.capabilities.signed ? 403 : null,
    dated: webhooks.some(({ spoilt }) => spoilt?.stale !== undefined),
    listed: wire?.lookup?.some(({ answer }) => answer === 'found') === true,
    tellsOptOut: told.some((event) => event.kind === 'receipt' && event.failure === 'opted_out'),
  };
}

/** Providers with several ways of working, and what their wires do not say. */
const waysOf: Readonly<Record<string, ReadonlyArray<Partial<Row>>>> = {
  bird: [
    { name: 'Bird, which signs nothing', fields: { signing_key: '' } },
    {
      name: 'Bird with a signing key',
      fields: { bird_channel: '55555555-b153-4d5d-9989-2fddfc0ce4c3' },
      forged: 200,
      dated: true,
    },
  ],
  // The words that would say so are none that it documents.
  clicksend: [{ fields: { username: 'the shop/owner@example.com' }, tellsOptOut: false }],
  plivo: [{}, { name: 'Plivo by its second signature', fields: { auth_id: 'MASECOND0SECOND0SECO', signature: 'V2' } }],
  vonage: [
    { name: 'Vonage’s SMS API' },
    { name: 'Vonage’s Messages API', fields: { api_key: 'b2c3d4e5', api: 'messages' } },
  ],
};

const spoken = providers.filter(({ demo }) => demo !== null);
const rows: readonly Row[] = (await Promise.all(spoken.map(rowOf))).flatMap((row) =>
  (waysOf[row.provider.type] ?? [{}]).map((way) => ({ ...row, ...way })),
);
/** An Australian number: at some of them there are no others. */
const addressOf = (row: Row): string => `+6149157${String(150 + rows.indexOf(row)).padStart(4, '0')}`;

/** What is sent to somebody at each of them, in one go, before anybody asks. */
const sent = ['delivered', 'lost', 'opted out', 'in doubt', 'in doubt, and told of', 'refused in odd words'] as const;
type Sent = (typeof sent)[number];

let harness: ApiHarness;
let people = 0;
const somebody = (): string => {
  people += 1;
  return phone(people);
};
const accounts = new Map<string, AtCarrier>();
const receivers = new Map<string, string>();
const accountOf = ({ name }: Row): AtCarrier => {
  const account = accounts.get(name);
  if (account === undefined) throw new Error(`There is no account of ${name}.`);
  return account;
};
const receiverOf = ({ name }: Row, what: Sent): string => receivers.get(`${name} ${what}`) ?? '';

beforeAll(async () => {
  harness = await startApiHarness({
    api: 'demo',
    moreProviders: providers.filter(({ type }) => type !== twilio.type),
    // The carrier tells nothing by itself: what it would tell is posted here.
    carrier: { receipts: { delay_ms: 86_400_000, sent: false } },
    dispatch: { httpTimeoutMs: 1_500, lookupEveryMs: 0 },
  });
  const own = await harness.inTx((tx) => tx.selectFrom('accounts').select('base_url').executeTakeFirstOrThrow());
  for (const row of rows) {
    const address = addressOf(row);
    const ofChannel = row.provider.type === 'bird' ? { channel_number: address } : {};
    const fields = { ...row.fields, ...ofChannel };
    accounts.set(row.name, await addAtCarrier(harness, row.provider, { address, baseUrl: own.base_url, fields }));
    for (const what of sent) {
      const to = somebody();
      receivers.set(`${row.name} ${what}`, to);
      if (what === 'refused in odd words')
        harness.carrier.addFault({ kind: 'refuse', to, count: 1, reason: 'invalid_message', code: 'odd\u0000\ud800' });
      if (what.startsWith('in doubt'))
        harness.carrier.addFault({ kind: 'accept_then_timeout', to, count: 1, ms: 3_000 });
    }
  }
  await sendAll();
});
afterAll(() => harness.close());

/** Queues and dispatches a message to everybody who is to get one. */
async function sendAll(): Promise<void> {
  const { ids } = harness.engine;
  const { workspaceId } = harness;
  const now = new Date();
  await harness.inTx(async (tx) => {
    const entries = [];
    for (const row of rows)
      for (const what of sent) {
        const number = receiverOf(row, what);
        const contact = { workspace_id: workspaceId, id: ids.uuid(), phone: number, created_at: now, updated_at: now };
        await tx.insertInto('contacts').values(contact).execute();
        await tx.insertInto('numbers').values({ workspace_id: workspaceId, number }).execute();
        entries.push({
          id: ids.uuid(),
          contactId: contact.id,
          number,
          sender: await senderOf({ tx, workspaceId }, addressOf(row)),
          routeId: null,
          enrollmentId: null,
          hop: null,
          draft: { text: `To be ${what}`, purpose: 'transactional', lane: 'transactional' } as const,
          later: null,
          exemption: null,
        });
      }
    await queueMessages({ tx, workspaceId, now }, { flowId: null }, entries);
  });
  const dispatcher = startDispatcher(harness.engine.dispatchDeps, 0, await takeShard(harness.db, 0, now), null);
  await dispatcher.drain();
  await dispatcher.stop();
}

/** What the carrier took for somebody. */
const takenFor = (number: string): readonly LedgerMessage[] =>
  harness.carrier.ledger.ofPhone(number).filter(({ origin }) => origin === 'api');
const onlyTaken = (number: string): LedgerMessage => {
  const [message, ...more] = takenFor(number);
  if (message === undefined || more.length > 0) throw new Error(`The carrier took ${more.length + 1} for ${number}.`);
  return message;
};

const messagesOf = (number: string, direction: 'in' | 'out') =>
  harness.inTx((tx) =>
    tx
      .selectFrom('messages as m')
      .leftJoin('message_attempts as a', 'a.message_id', 'm.id')
      .select(['m.body', 'm.sender', 'm.state', 'm.handled_by', 'a.state as attempt'])
      .where('m.number', '=', number)
      .where('m.direction', '=', direction)
      .execute(),
  );
const stateOf = async (number: string) => (await messagesOf(number, 'out')).map(({ state }) => state);
const isSuppressed = async (number: string) => {
  const found = await harness.inTx((tx) =>
    tx.selectFrom('numbers').select('suppressed_at').where('number', '=', number).execute(),
  );
  return found.some((row) => row.suppressed_at !== null);
};

/** Somebody texts from a phone, and the carrier brings it. */
async function texted(row: Row, body: string): Promise<LedgerMessage> {
  const sid = harness.carrier.text(somebody(), addressOf(row), body);
  const message = harness.carrier.ledger.get(sid);
  if (message === undefined) throw new Error('The carrier has lost a text.');
  await until('the text', async () => (await messagesOf(message.from, 'in')).length > 0);
  return message;
}

/** Makes requests of the carrier, each of which is acknowledged. */
async function told(callbacks: readonly Callback[]): Promise<void> {
  expect(await deliver(callbacks)).toEqual(callbacks.map(() => 200));
}

/** The same text of somebody else, which the carrier brings to nobody. */
function untold(row: Row, message: LedgerMessage): LedgerMessage {
  const dialect = dialects.find(({ name }) => name === row.provider.type);
  return { ...message, from: somebody(), sid: dialect?.messageId(randomBytes(16).toString('hex')) ?? '' };
}

describe.each(rows)('$name: a text from a person', (row) => {
  test('is stored once, answered, and changes nothing when it comes again word for word', async () => {
    const message = await texted(row, 'HELP');
    const stored = [
      { body: 'HELP', sender: addressOf(row), state: 'received', handled_by: 'compliance', attempt: null },
    ];
    expect(await messagesOf(message.from, 'in')).toEqual(stored);
    await until('the answer', () => harness.carrier.ledger.receipts.some(({ sid }) => sid === message.sid));
    expect(harness.carrier.ledger.receipts.find(({ sid }) => sid === message.sid)?.answer).toBe(200);
    const again = accountOf(row).texts(message);
    await told([...again, ...again]);
    expect(await messagesOf(message.from, 'in')).toEqual(stored);
    expect(await messagesOf(message.from, 'out')).toHaveLength(1);
  });

  test('is believed of nobody else: not with another’s secret or key, and not at another workspace’s account', async () => {
    const { provider, forged } = row;
    const account = accountOf(row);
    const message = untold(row, await texted(row, 'Hello'));
    const elsewhere = await addElsewhere(harness, provider, account);
    expect(await deliver(account.texts(message, { url: elsewhere }))).toEqual([
      provider.capabilities.signed ? 403 : 404,
    ]);
    if (forged !== null) expect(await deliver(account.texts(message, { foreign: true }))).toEqual([forged]);
    const path = account.webhookUrl.replace(/[^/]+\/sms$/, (end) => `x${end}`);
    if (!provider.capabilities.signed) expect(await deliver(account.texts(message, { url: path }))).toEqual([404]);
    expect(await messagesOf(message.from, 'in')).toEqual([]);
  });

  test('STOP silences', async () => {
    const { from } = await texted(row, 'Stop');
    expect(await isSuppressed(from)).toBe(true);
  });
});

describe.each(rows.filter(({ dated }) => dated))('$name: a text that says when it was signed', (row) => {
  test('is not believed long after', async () => {
    const message = untold(row, await texted(row, 'Hello'));
    const late = accountOf(row).texts(message, { agoMs: 26 * 3_600_000 });
    expect(await deliver(late)).toEqual([row.forged]);
    expect(await messagesOf(message.from, 'in')).toEqual([]);
    await told(accountOf(row).texts(message));
    expect(await messagesOf(message.from, 'in')).toHaveLength(1);
  });
});

describe.each(rows)('$name: a message of ours', (row) => {
  test('reaches the carrier once, and its receipts say that it was delivered, whatever comes after', async () => {
    const to = receiverOf(row, 'delivered');
    const message = onlyTaken(to);
    expect(message).toMatchObject({ from: addressOf(row), to, body: 'To be delivered' });
    expect(await stateOf(to)).toEqual(['accepted']);
    const before = accountOf(row).receipts(message, 'sent');
    await told(before);
    expect(await stateOf(to)).toEqual(['accepted']);
    const delivered = accountOf(row).receipts(message, 'delivered');
    expect(delivered).not.toEqual([]);
    await told([...delivered, ...delivered, ...before]);
    expect(await stateOf(to)).toEqual(['delivered']);
    expect(takenFor(to)).toHaveLength(1);
  });

  test('that did not arrive is known not to have arrived', async () => {
    const to = receiverOf(row, 'lost');
    await told(accountOf(row).receipts(onlyTaken(to), 'undelivered'));
    expect([['undelivered'], ['failed']]).toContainEqual(await stateOf(to));
    expect(await isSuppressed(to)).toBe(false);
  });

  test('that was refused in words that nobody can store is not sent, and holds nothing else up', async () => {
    const to = receiverOf(row, 'refused in odd words');
    expect(takenFor(to)).toEqual([]);
    const [message] = await messagesOf(to, 'out');
    expect(['refused', 'unknown']).toContain(message?.attempt);
  });

  test('to somebody who had opted out silences where the receipt says so', async () => {
    const to = receiverOf(row, 'opted out');
    await told(accountOf(row).receipts(onlyTaken(to), 'undelivered', 'opted_out'));
    expect([['undelivered'], ['failed']]).toContainEqual(await stateOf(to));
    expect(await isSuppressed(to)).toBe(row.tellsOptOut);
  });
});

describe.each(rows)('$name: a message that was taken and never answered', (row) => {
  test('is in doubt, and stays sent once', async () => {
    for (const what of ['in doubt', 'in doubt, and told of'] as const) {
      const to = receiverOf(row, what);
      onlyTaken(to);
      expect(await messagesOf(to, 'out')).toMatchObject([{ state: 'queued', attempt: 'unknown' }]);
    }
  });

  test('is known by the receipt that comes for it', async () => {
    const to = receiverOf(row, 'in doubt, and told of');
    await told(accountOf(row).receipts(onlyTaken(to), 'delivered'));
    expect(await messagesOf(to, 'out')).toMatchObject([{ state: 'delivered', attempt: 'accepted' }]);
  });
});

describe('the provider’s own list', () => {
  beforeAll(async () => {
    while ((await harness.engine.maintenance.turn('unknown')) > 0);
  });

  test.each(rows)('$name: tells of a message in doubt, or leaves the doubt', async (row) => {
    const to = receiverOf(row, 'in doubt');
    expect(await messagesOf(to, 'out')).toMatchObject([
      row.listed ? { state: 'accepted', attempt: 'accepted' } : { state: 'queued', attempt: 'unknown' },
    ]);
    await told(accountOf(row).receipts(onlyTaken(to), 'delivered'));
    expect(await messagesOf(to, 'out')).toMatchObject([{ state: 'delivered', attempt: 'accepted' }]);
    expect(takenFor(to)).toHaveLength(1);
  });
});
