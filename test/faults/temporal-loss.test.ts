import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolderPath } from '@signalbox/engine/main/local/data-folder';
import { findFreePort } from '@signalbox/engine/main/local/ports';
import { startTemporal, type TemporalServer } from '@signalbox/engine/main/local/temporal';
import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { wait } from '@signalbox/nodes/library/wait/wait';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, type Harness, startHarness, until } from '../support/harness.ts';
import { strandedEnrollments } from '../support/ownership.ts';

let folder: string;
let port: number;
let temporal: TemporalServer;
let harness: Harness;

const start = () =>
  startTemporal({ dbFile: join(folder, 'temporal.db'), port, cacheDir: cacheFolderPath(), log: () => undefined });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-loss-'));
  port = await findFreePort();
  temporal = await start();
  harness = await startHarness({ temporal: { address: temporal.address, namespace: temporal.namespace } });
});
afterAll(async () => {
  await harness.close();
  await temporal.stop();
  rmSync(folder, { recursive: true, force: true });
});

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

async function letIn(flowId: string, contacts: readonly string[]): Promise<void> {
  await harness.inTx((tx) =>
    tx
      .insertInto('enrollment_batches')
      .values({
        workspace_id: harness.workspaceId,
        id: harness.engine.ids.uuid(),
        flow_id: flowId,
        state: 'running',
        contact_ids: [...contacts].sort(),
        created_at: new Date(),
      })
      .execute(),
  );
}

test('losing all of Temporal in mid-flow costs delay, not people', async () => {
  const conversation = await harness.publish('Conversation', conversationFlow({ event: 'signed_up' }));
  const timer = await harness.publish('Timer', timerFlow());
  const waiting = await harness.addContacts(5);
  const sleeping = await harness.addContacts(5, 100);
  const late = await harness.addContacts(5, 200);
  await letIn(conversation.flowId, waiting);
  await letIn(timer.flowId, sleeping);
  const states = () =>
    harness.inTx((tx) => tx.selectFrom('enrollments').select(['contact_id', 'state', 'waiting_event']).execute());
  await until('five to wait and five to sleep', async () => {
    const rows = await states();
    return (
      rows.filter((row) => row.waiting_event === 'message.received').length === 5 &&
      rows.filter((row) => row.state === 2).length === 5
    );
  });

  await temporal.stop();
  for (const name of ['temporal.db', 'temporal.db-wal', 'temporal.db-shm']) rmSync(join(folder, name), { force: true });
  // People keep coming while nothing orchestrates.
  await letIn(conversation.flowId, late);
  const phones = (
    await harness.inTx((tx) => tx.selectFrom('contacts').select('phone').where('id', 'in', waiting).execute())
  ).map((row) => row.phone);
  for (const phone of phones) harness.carrier.text(phone, businessNumber, 'yes');
  await until(
    'the replies to be stored',
    async () =>
      (await harness.inTx((tx) => tx.selectFrom('messages').select('id').where('handled_by', '=', 'reply').execute()))
        .length === 5,
  );

  temporal = await start();
  await harness.engine.maintenance.rehomeLost(0);
  await until(
    'everyone who replied to end',
    async () =>
      (
        await harness.inTx((tx) =>
          tx.selectFrom('enrollment_history').select('id').where('contact_id', 'in', waiting).execute(),
        )
      ).length === 5,
    60_000,
  );
  await until(
    'those who slept to be woken and end',
    async () =>
      (
        await harness.inTx((tx) =>
          tx.selectFrom('enrollment_history').select('id').where('contact_id', 'in', sleeping).execute(),
        )
      ).length === 5,
    100_000,
  );
  await until(
    'the late ones to wait for their reply',
    async () =>
      (await states()).filter((row) => late.includes(row.contact_id) && row.waiting_event === 'message.received')
        .length === 5,
    60_000,
  );
  expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
  expect(harness.carrier.ledger.repeats()).toEqual([]);
  const outcomes = await harness.inTx((tx) =>
    tx.selectFrom('enrollment_history').select('outcome').distinct().execute(),
  );
  expect(outcomes).toEqual([{ outcome: 'finished' }]);
}, 240_000);
