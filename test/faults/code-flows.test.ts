import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCodeFlows, registerCodeFlows } from '@signalbox/engine/flows/code-registry';
import { cacheFolderPath } from '@signalbox/launcher/data-folder';
import { findFreePort } from '@signalbox/launcher/ports';
import { startTemporal } from '@signalbox/launcher/temporal';
import { afterEach, expect, test } from 'vitest';
import { endsOf, historyOf, letIn, phonesOf, positionsOf, registerTestFlows, textsTo } from '../support/code-runs.ts';
import { workflowsFolder } from '../support/global-setup.ts';
import { businessNumber, type Harness, startHarness, until } from '../support/harness.ts';
import { strandedEnrollments } from '../support/ownership.ts';

const closers: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'signalbox-code-faults-'));
  closers.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const waiting = (harness: Harness, contacts: readonly string[]) =>
  until(
    'everyone to wait for a reply',
    async () => {
      const rows = await positionsOf(harness, contacts);
      return rows.length === contacts.length && rows.every((row) => row.waiting_event === 'message.received');
    },
    40_000,
  );

async function reply(harness: Harness, contacts: readonly string[]): Promise<void> {
  for (const phone of await phonesOf(harness, contacts)) harness.carrier.text(phone, businessNumber, 'yes');
}

test('losing all of Temporal with code flows at different steps costs delay, and brings everyone to their end once', async () => {
  const data = folder();
  const port = await findFreePort();
  const start = () =>
    startTemporal({ dbFile: join(data, 'temporal.db'), port, cacheDir: cacheFolderPath(), log: () => undefined });
  let temporal = await start();
  closers.push(() => temporal.stop());
  const harness = await startHarness({ temporal: { address: temporal.address, namespace: temporal.namespace } });
  closers.push(harness.close);
  const flows = await registerTestFlows(harness);
  const groups = { thanked: 4, replying: 4, mixed: 4, unsettled: 3 };
  const people = new Map<string, string[]>();
  let made = 0;
  for (const [name, count] of Object.entries(groups)) {
    const contacts = await harness.addContacts(count, made);
    made += count;
    people.set(name, contacts);
    await letIn(harness, flows.get(name === 'unsettled' ? 'Unsettled' : 'Sized') ?? '', contacts);
  }
  const of = (name: keyof typeof groups): string[] => people.get(name) ?? [];
  const everyone = [...people.values()].flat();
  await waiting(harness, everyone);

  // Some are past the replies and asleep, some are between: the call that waits for them has not returned.
  await reply(harness, of('thanked'));
  await reply(harness, of('mixed').slice(0, 2));
  const [first] = await positionsOf(harness, of('thanked'));
  await until('the sleep after the thanks', async () =>
    (await historyOf(harness, first?.run_id ?? '')).some(
      (event) => Number(event.timerStartedEventAttributes?.startToFireTimeout?.seconds ?? 0) === 9,
    ),
  );
  await temporal.stop();
  for (const name of ['temporal.db', 'temporal.db-wal', 'temporal.db-shm']) rmSync(join(data, name), { force: true });

  // Nothing orchestrates; people go on answering, and time passes.
  await reply(harness, of('replying'));
  await harness.inTx((tx) =>
    tx
      .updateTable('enrollments')
      .set({ due_at: new Date(Date.now() - 60_000) })
      .where('contact_id', 'in', of('mixed').slice(2))
      .execute(),
  );
  await until('everyone but the last group to have left their wait', async () =>
    (await positionsOf(harness, [...of('replying'), ...of('mixed')])).every((row) => row.state === 1),
  );

  temporal = await start();
  await harness.engine.maintenance.turn('lost', { all: true });
  await reply(harness, of('unsettled'));
  await until('everyone to end', async () => (await endsOf(harness, everyone)).length === everyone.length, 90_000);
  const texts = async (contacts: readonly string[]) =>
    Promise.all(contacts.map((contact) => textsTo(harness, contact)));
  const thanked = ['Ask', 'Thanks', 'Last'];
  expect(await texts(of('thanked'))).toEqual(of('thanked').map(() => thanked));
  expect(await texts(of('replying'))).toEqual(of('replying').map(() => thanked));
  expect(await texts(of('mixed').slice(0, 2))).toEqual([thanked, thanked]);
  expect(await texts(of('mixed').slice(2))).toEqual([
    ['Ask', 'Sorry', 'Last'],
    ['Ask', 'Sorry', 'Last'],
  ]);
  expect(await texts(of('unsettled'))).toEqual(of('unsettled').map(() => ['First', 'Second', 'Third']));
  expect(new Set((await endsOf(harness, everyone)).map((end) => end.outcome))).toEqual(new Set(['finished']));
  await until(
    'the last messages to be out',
    async () =>
      (await harness.inTx((tx) => tx.selectFrom('message_queue').select('message_id').execute())).length === 0,
  );
  expect(harness.carrier.ledger.repeats()).toEqual([]);
  expect(await strandedEnrollments(harness.ownerUrl, harness.engine.client)).toEqual([]);
}, 240_000);

const main = fileURLToPath(new URL('../../packages/engine/src/main/main.ts', import.meta.url));

test('killing the worker at every stage of a code flow strands nobody and doubles nothing', async () => {
  // The harness gives the parts and takes webhooks; the engine that works is a process of its own, to be killed.
  const harness = await startHarness({ work: false, carrier: { latencyMs: 300 } });
  closers.push(harness.close);
  // Files in workflows/ go live where the workspace starts them.
  await registerCodeFlows(harness.engine, harness.workspaceId, await loadCodeFlows(workflowsFolder), 'live');
  const data = folder();
  let engine: ChildProcess | null = null;
  closers.push(() => engine?.kill('SIGKILL'));
  const live = async (): Promise<void> => {
    const env = { ...harness.processEnv(data), DISPATCH_CONCURRENCY: '6', PORT: String(await findFreePort()) };
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    engine = child;
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code, signal) => reject(new Error(`The engine ended with ${code ?? signal}.`)));
      child.stdout.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('"ready":true')) resolve();
      });
    });
  };
  const die = async (): Promise<void> => {
    const child = engine;
    if (child === null) return;
    child.removeAllListeners('exit');
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  };
  const inFlight = (body: string) =>
    until(
      `messages in flight: ${body}`,
      async () => {
        const rows = await harness.inTx((tx) =>
          tx
            .selectFrom('message_attempts')
            .innerJoin('messages', 'messages.id', 'message_attempts.message_id')
            .select('message_attempts.id')
            .where('message_attempts.state', '=', 'dispatching')
            .where('messages.body', 'like', `${body}%`)
            .execute(),
        );
        return rows.length > 0;
      },
      60_000,
    );

  const contacts = await harness.addContacts(24);
  const values = contacts.map((contact_id) => ({
    workspace_id: harness.workspaceId,
    contact_id,
    purpose: 'marketing',
    state: 'granted' as const,
    since: new Date(),
  }));
  await harness.inTx((tx) => tx.insertInto('consents').values(values).execute());
  await live();
  const { id: flowId } = await harness.inTx((tx) =>
    tx.selectFrom('flows').select('id').where('kind', '=', 'workflow').executeTakeFirstOrThrow(),
  );
  await letIn(harness, flowId, contacts);
  await inFlight('Hi ');
  await die();
  await live();
  await waiting(harness, contacts);
  await reply(harness, contacts.slice(0, 12));
  await until('half of them to have left the wait', async () => {
    const rows = await positionsOf(harness, contacts);
    return rows.filter((row) => row.waiting_event === null).length === 12;
  });
  await die();
  await reply(harness, contacts.slice(12));
  await live();
  await inFlight('Done');
  await die();
  await live();
  await until(
    'everyone to be thanked',
    async () => (await positionsOf(harness, contacts)).every((row) => row.state === 1 && row.hop === 4),
    60_000,
  );
  for (const contact of contacts) {
    const texts = await textsTo(harness, contact);
    expect(texts.map((text) => text?.slice(0, 4))).toEqual(['Hi P', 'Done']);
  }
  expect(harness.carrier.ledger.repeats()).toEqual([]);
  expect(await strandedEnrollments(harness.ownerUrl, harness.engine.client)).toEqual([]);
}, 240_000);
