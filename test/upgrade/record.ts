import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { wait } from '@signalbox/nodes/library/wait/wait';
import { expect, test } from 'vitest';
import { startApiHarness } from '../api/client.ts';
import { phonesOf, positionsOf, registerTestFlows } from '../support/code-runs.ts';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, type Harness, until } from '../support/harness.ts';
import { letIn } from '../support/let-in.ts';
import { writeDump } from './dump.ts';
import { keptTables, setEverything } from './everything.ts';
import { first } from './people.ts';

/*
 * Writes the database of this build down, with people wherever they can stand, for the builds to come: see CONTRIBUTING.
 * `UPGRADE_NAME` names the files: `<name>.sql.gz` and the carrier's `<name>.ledger.jsonl` beside it.
 */

function pause(name: string, event: string, duration: { amount: number; unit: 'minutes' | 'hours' }, text: string) {
  const w = flow(name);
  const begin = w.step('begin', apiEvent, { event });
  const pauses = w.step('pause', wait, { duration });
  const after = w.step('after', sendSms, { text, purpose: 'transactional' });
  begin.to('next', pauses);
  pauses.to('done', after);
  return w.graph();
}

async function inState(
  harness: Harness,
  contacts: readonly string[],
  state: number,
  event: string | null,
): Promise<boolean> {
  const rows = await positionsOf(harness, contacts);
  return rows.length === contacts.length && rows.every((row) => row.state === state && row.waiting_event === event);
}

test('a database with people wherever they can stand is written down', async () => {
  const name = process.env['UPGRADE_NAME'] ?? 'next';
  const ledgerFile = join(mkdtempSync(join(tmpdir(), 'signalbox-upgrade-')), 'ledger.jsonl');
  const harness = await startApiHarness({
    work: true,
    carrier: { ledgerFile },
    dispatch: { concurrency: 2, claimSize: 1 },
  });
  await setEverything(harness);
  const { carrier } = harness;
  const publish = harness.publish;
  const people = (from: number, count: number) => harness.addContacts(count, from);
  const reply = (phone: string, text: string) => carrier.text(phone, businessNumber, text);
  const waits = (contacts: readonly string[]) => () => inState(harness, contacts, 3, 'message.received');

  const conversation = await publish('Conversation', conversationFlow({ event: 'signed_up' }));
  const paused = await publish('Paused', conversationFlow({ event: 'invited' }));
  const days = await publish(
    'Later',
    pause('Later', 'visited', { amount: 2, unit: 'hours' }, 'Two hours have passed.'),
  );
  const timer = await publish(
    'Soon',
    pause('Soon', 'rang', { amount: 50, unit: 'minutes' }, 'Fifty minutes have passed.'),
  );
  await publish('Keyword', conversationFlow({ keyword: 'OFFERS' }));
  const code = (await registerTestFlows(harness)).get('Sized') ?? '';

  const waiting = await people(first.waiting, 3);
  const due = await people(first.due, 3);
  const flying = await people(first.flying, 5);
  const held = await people(first.held, 2);
  const inCode = await people(first.code, 2);
  const sleeping = await people(first.sleeping, 2);
  const gone = await people(first.gone, 1);
  await letIn(harness, conversation.flowId, [...waiting, ...gone]);
  await letIn(harness, paused.flowId, held);
  await letIn(harness, days.flowId, due);
  await letIn(harness, timer.flowId, sleeping);
  await letIn(harness, code, inCode);
  await until('replies to be waited for', waits([...waiting, ...gone, ...held, ...inCode]), 60_000);
  await until('some to be due later', () => inState(harness, due, 3, null));
  await until('some to sleep', () => inState(harness, sleeping, 2, null));

  for (const phone of await phonesOf(harness, gone)) reply(phone, 'STOP');
  await until('who said STOP to be out', async () => (await positionsOf(harness, gone)).length === 0);
  await harness.inTx((tx) =>
    tx.updateTable('flows').set({ state: 'paused' }).where('id', '=', paused.flowId).execute(),
  );
  for (const phone of await phonesOf(harness, held)) reply(phone, 'yes');
  await until('who answered a paused flow to be held', () => inState(harness, held, 4, null));

  // Two texts are with the carrier, whose answer does not come; three wait for their turn.
  for (const to of await phonesOf(harness, flying)) {
    carrier.addFault({ kind: 'latency', ms: 600_000, to });
    carrier.addFault({ kind: 'receipt_never', to });
  }
  await letIn(harness, conversation.flowId, flying);
  const queue = () => harness.inTx((tx) => tx.selectFrom('message_queue').select('state').execute());
  const phones = new Set(await phonesOf(harness, flying));
  await until(
    'two texts to be with the carrier',
    () => carrier.ledger.messages.filter(({ to }) => phones.has(to)).length === 2,
  );
  await until('three to be queued', async () => (await queue()).length === 5);
  const dump = await writeDump(harness.ownerUrl);
  expect(await queue()).toHaveLength(5);
  for (const table of keptTables) expect(dump, table).toContain(`INSERT INTO "${table}"`);
  writeFileSync(new URL(`./${name}.sql.gz`, import.meta.url), gzipSync(dump, { level: 9 }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  copyFileSync(ledgerFile, new URL(`./${name}.ledger.jsonl`, import.meta.url));
  await harness.close();
}, 120_000);
