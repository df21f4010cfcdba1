import { letInPage } from '@signalbox/engine/cohorts/batches';
import { loadCodeFlows, registerCodeFlows } from '@signalbox/engine/flows/code-registry';
import { readCounts } from '@signalbox/engine/versions/counts';
import { catalogue } from '@signalbox/nodes/library/catalogue.gen';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workflowsFolder } from '../support/global-setup.ts';
import { businessNumber, type Harness, startHarness, until } from '../support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

test('the folder of workflows is registered once, and again only where something changed', async () => {
  const deps = { ...harness.engine, nodes: new Map(catalogue.map((node) => [node.type, node])) };
  const flows = await loadCodeFlows(workflowsFolder);
  expect(flows.broken).toEqual([]);
  expect(flows.flows.map((flow) => [flow.sourcePath, flow.kind])).toEqual([
    ['workflows/welcome.flow.ts', 'code'],
    ['workflows/win-back.workflow.ts', 'workflow'],
  ]);
  await registerCodeFlows(deps, harness.workspaceId, flows, 'live');
  await registerCodeFlows(deps, harness.workspaceId, flows, 'live');
  const versions = await harness.inTx((tx) => tx.selectFrom('flow_versions').select('number').execute());
  expect(versions.map((version) => version.number)).toEqual([1, 1]);
});

test('a plain workflow moves a cohort: consent, send, reply, send', async () => {
  const [granted, refused] = await harness.addContacts(2);
  const now = new Date();
  await harness.inTx((tx) =>
    tx
      .insertInto('consents')
      .values({
        workspace_id: harness.workspaceId,
        contact_id: granted ?? '',
        purpose: 'marketing',
        state: 'granted',
        since: now,
      })
      .execute(),
  );
  const flow = await harness.inTx((tx) =>
    tx.selectFrom('flows').select('id').where('kind', '=', 'workflow').executeTakeFirstOrThrow(),
  );
  const batchId = harness.engine.ids.uuid();
  await harness.inTx((tx) =>
    tx
      .insertInto('enrollment_batches')
      .values({
        workspace_id: harness.workspaceId,
        id: batchId,
        flow_id: flow.id,
        state: 'running',
        contact_ids: [granted ?? '', refused ?? ''].sort(),
        created_at: now,
      })
      .execute(),
  );
  const page = await harness.inTx((tx) =>
    letInPage(harness.engine.arrivalDeps, { tx, workspaceId: harness.workspaceId, now }, batchId),
  );
  harness.engine.onArrived(harness.workspaceId, { runs: page.runs, wake: [] });
  const phoneOf = (
    await harness.inTx((tx) =>
      tx
        .selectFrom('contacts')
        .select('phone')
        .where('id', '=', granted ?? '')
        .executeTakeFirstOrThrow(),
    )
  ).phone;
  const sent = () =>
    harness.inTx((tx) =>
      tx
        .selectFrom('messages')
        .select(['body', 'state'])
        .where('direction', '=', 'out')
        .where('number', '=', phoneOf)
        .orderBy('id')
        .execute(),
    );
  await until('the first offer', async () => (await sent()).some((message) => message.state !== 'queued'));
  await until('the wait', async () => {
    const rows = await harness.inTx((tx) =>
      tx
        .selectFrom('enrollments')
        .select('waiting_event')
        .where('contact_id', '=', granted ?? '')
        .execute(),
    );
    return rows[0]?.waiting_event === 'message.received';
  });
  harness.carrier.text(phoneOf, businessNumber, 'yes please');
  await until('the thanks', async () => (await sent()).length === 2 && (await sent())[1]?.state !== 'queued');
  expect((await sent()).map((message) => message.body)).toEqual([
    'Hi Person 0, we miss you. Reply YES and your next order ships free.',
    'Done: your next order ships free.',
  ]);
  const read = () => harness.inTx((tx) => readCounts({ tx, workspaceId: harness.workspaceId }, [flow.id]));
  await until('the thanks to be counted', async () =>
    (await read()).some((entry) => entry.stepId === 'thanks' && entry.metric === 'out:sent'),
  );
  const counts = await read();
  const of = (step: string, metric: string) =>
    counts.find((entry) => entry.stepId === step && entry.metric === metric)?.n ?? 0;
  expect([of('consented', 'entered'), of('consented', 'out:yes'), of('consented', 'out:no')]).toEqual([2, 1, 1]);
  expect([of('first_offer', 'entered'), of('first_answer', 'out:replied'), of('thanks', 'out:sent')]).toEqual([
    1, 1, 1,
  ]);
});
