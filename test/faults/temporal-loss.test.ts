import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolderPath } from '@signalbox/launcher/data-folder';
import { findFreePort } from '@signalbox/launcher/ports';
import { startTemporal, type TemporalServer } from '@signalbox/launcher/temporal';
import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { wait } from '@signalbox/nodes/library/wait/wait';
import { expect, type TestContext, test } from 'vitest';
import { endsOf, phonesOf, positionsOf } from '../support/code-runs.ts';
import { type EngineProcess, startEngineProcess } from '../support/engine-process.ts';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, type Harness, startHarness, until } from '../support/harness.ts';
import { letIn } from '../support/let-in.ts';
import { strandedEnrollments } from '../support/ownership.ts';

/** A Temporal of a test's own, on a file, that can be lost with all that it knows. */
type LosableTemporal = {
  readonly at: { readonly address: string; readonly namespace: string };
  /** Ends it and removes its data. */
  readonly lose: () => Promise<void>;
  /** Starts it again at the same address. */
  readonly start: () => Promise<void>;
};

/** Starts one; it is stopped, and whatever is told to `closing` is closed before it, at the end of the test. */
async function losableTemporal(
  onTestFinished: TestContext['onTestFinished'],
): Promise<LosableTemporal & { readonly closing: (close: () => Promise<void>) => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-loss-'));
  const port = await findFreePort();
  const begin = (): Promise<TemporalServer> =>
    startTemporal({ dbFile: join(folder, 'temporal.db'), port, cacheDir: cacheFolderPath(), log: () => undefined });
  let server = await begin();
  const closers: Array<() => Promise<void>> = [];
  onTestFinished(async () => {
    for (const close of closers.reverse()) await close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    at: { address: server.address, namespace: server.namespace },
    lose: async () => {
      await server.stop();
      for (const name of ['temporal.db', 'temporal.db-wal', 'temporal.db-shm'])
        rmSync(join(folder, name), { force: true });
    },
    start: async () => {
      server = await begin();
    },
    closing: (close) => void closers.push(close),
  };
}

/** A timer inside a run, then a send. */
function timerFlow() {
  const w = flow('Timer');
  const begin = w.step('begin', apiEvent, { event: 'timer_started' });
  const pause = w.step('pause', wait, { duration: { amount: 1, unit: 'minutes' } });
  const after = w.step('after', sendSms, { text: 'A minute has passed.', purpose: 'transactional' });
  begin.to('next', pause);
  pause.to('done', after);
  return w.graph();
}

type Play = {
  readonly harness: Harness;
  readonly temporal: LosableTemporal;
  /** How long the carrier holds back its answers to those whose messages are to be in flight. */
  readonly answersAfterMs: number;
  /** Right before Temporal ends, and right after it is there again. */
  readonly down: () => Promise<void>;
  readonly up: () => Promise<void>;
};

/** Messages whose outcome the carrier does not tell, neither in its answer nor in a receipt. */
const untold = 2;

/** Loses all of Temporal's data while people wait, sleep, and are being written to, and while more come in. */
async function loseTemporal({ harness, temporal, answersAfterMs, down, up }: Play): Promise<void> {
  const size = 5;
  const conversation = await harness.publish('Conversation', conversationFlow({ event: 'signed_up' }));
  const timer = await harness.publish('Timer', timerFlow());
  const waiting = await harness.addContacts(size);
  const sleeping = await harness.addContacts(size, 100);
  const late = await harness.addContacts(size, 200);
  const flying = await harness.addContacts(size, 300);
  const everyone = [...waiting, ...sleeping, ...late, ...flying];
  const inState = async (
    contacts: readonly string[],
    is: (row: { state: number; waiting_event: string | null }) => boolean,
  ) => {
    const rows = await positionsOf(harness, contacts);
    return rows.length === size && rows.every(is);
  };
  const waits = (contacts: readonly string[]) => inState(contacts, (row) => row.waiting_event === 'message.received');
  const reply = async (contacts: readonly string[]): Promise<void> => {
    for (const phone of await phonesOf(harness, contacts)) harness.carrier.text(phone, businessNumber, 'yes');
  };
  const attempts = () =>
    harness.inTx((tx) => tx.selectFrom('message_attempts').select(['state', 'error_code']).execute());

  await letIn(harness, conversation.flowId, waiting);
  await letIn(harness, timer.flowId, sleeping);
  await until('five to wait', () => waits(waiting), 40_000);
  await until('five to sleep', () => inState(sleeping, (row) => row.state === 2));
  for (const [index, to] of (await phonesOf(harness, flying)).entries()) {
    harness.carrier.addFault({ kind: 'latency', ms: answersAfterMs, to, count: 1 });
    // Of some the carrier never tells: their outcome has to be looked up.
    if (index >= untold) continue;
    harness.carrier.addFault({ kind: 'accept_then_reset', to, count: 1 });
    harness.carrier.addFault({ kind: 'receipt_never', to, count: 1 });
  }
  await letIn(harness, conversation.flowId, flying);
  const taken = async (): Promise<number> => {
    const phones = new Set(await phonesOf(harness, flying));
    return harness.carrier.ledger.messages.filter((message) => phones.has(message.to)).length;
  };
  await until('the carrier to have five messages', async () => (await taken()) === size);
  await down();
  const inFlight = (await attempts()).filter((attempt) => attempt.state === 'dispatching').length;
  await temporal.lose();
  expect(inFlight, 'messages in flight when Temporal ended').toBeGreaterThanOrEqual(untold);

  // People keep coming and answering while nothing orchestrates.
  await letIn(harness, conversation.flowId, late);
  await reply(waiting);
  await until('the replies to be stored', async () => {
    const rows = await harness.inTx((tx) =>
      tx.selectFrom('messages').select('id').where('handled_by', '=', 'reply').execute(),
    );
    return rows.length === size;
  });

  await temporal.start();
  await up();
  // From here on nothing is called by hand: whoever is lost is found by the sweeps.
  await until('those in flight to wait for their reply', () => waits(flying), 120_000);
  await until('the late ones to wait for their reply', () => waits(late), 120_000);
  await reply([...flying, ...late]);
  await until('everyone to end', async () => (await endsOf(harness, everyone)).length === everyone.length, 150_000);
  await until('nothing to be on its way', async () => {
    const queued = await harness.inTx((tx) => tx.selectFrom('message_queue').select('message_id').execute());
    return queued.length === 0;
  });

  expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
  expect(harness.carrier.ledger.repeats()).toEqual([]);
  expect((await endsOf(harness, everyone)).map((end) => end.outcome)).toEqual(everyone.map(() => 'finished'));
  const settled = await attempts();
  expect(new Set(settled.map((attempt) => attempt.state))).toEqual(new Set(['accepted']));
  for (const [contacts, from] of [
    [waiting, 0],
    [late, 200],
    [flying, 300],
  ] as const) {
    for (const [index, phone] of (await phonesOf(harness, contacts)).entries())
      expect(textsAt(harness, phone)).toEqual([`Want tips, Person ${from + index}? Reply YES`, 'Tips are on.']);
  }
  for (const phone of await phonesOf(harness, sleeping))
    expect(textsAt(harness, phone)).toEqual(['A minute has passed.']);
}

const textsAt = (harness: Harness, phone: string): string[] =>
  harness.carrier.ledger.ofPhone(phone).flatMap((message) => (message.origin === 'api' ? [message.body] : []));

// Both wait for most of their time, so they wait together.
test.concurrent('losing all of Temporal in mid-flow costs delay, not people', async ({ onTestFinished }) => {
  const temporal = await losableTemporal(onTestFinished);
  const harness = await startHarness({ temporal: temporal.at });
  temporal.closing(harness.close);
  const nothing = async () => undefined;
  await loseTemporal({ harness, temporal, answersAfterMs: 4_000, down: nothing, up: nothing });
  // What the carrier never told was unknown for a time, and was looked up.
  const lookedUp = await harness.inTx((tx) =>
    tx.selectFrom('message_attempts').select('id').where('error_code', 'is not', null).execute(),
  );
  expect(lookedUp).toHaveLength(untold);
}, 400_000);

test.concurrent('losing all of Temporal and the engine’s process at once costs delay, not people', async ({
  onTestFinished,
}) => {
  const temporal = await losableTemporal(onTestFinished);
  const harness = await startHarness({ work: false, temporal: temporal.at });
  temporal.closing(harness.close);
  const data = mkdtempSync(join(tmpdir(), 'signalbox-loss-engine-'));
  temporal.closing(async () => rmSync(data, { recursive: true, force: true }));
  const begin = async (): Promise<EngineProcess> => {
    const engine = await startEngineProcess({ ...harness.processEnv(data), PORT: String(await findFreePort()) });
    temporal.closing(engine.kill);
    return engine;
  };
  const first = await begin();
  await loseTemporal({
    harness,
    temporal,
    answersAfterMs: 1_500,
    down: first.kill,
    up: async () => void (await begin()),
  });
}, 400_000);
