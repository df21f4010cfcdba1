import { databaseProbe, healthRoutes } from '@signalbox/engine/main/http';
import { finishLifecycles } from '@signalbox/engine/sweeps/lifecycles';
import { flow } from '@signalbox/nodes/flow/builder';
import { end } from '@signalbox/nodes/library/end/end';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { until } from '../support/harness.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ work: true });
});
afterAll(() => api.close());

const madeSchema = z.looseObject({ id: z.string() });
const detailSchema = z.looseObject({
  state: z.string(),
  path: z.array(
    z.looseObject({
      step_id: z.string(),
      step_title: z.string(),
      step_summary: z.string(),
      outlet_label: z.string().nullable(),
      reason: z.looseObject({ text: z.string() }).nullable(),
    }),
  ),
});
const pageSchema = z.object({
  data: z.array(z.looseObject({ id: z.string(), state: z.string(), step_id: z.string().nullable() })),
});

async function waiting(word: string, people: number) {
  const made = flow(`Wait for ${word}`);
  const start = made.step('start', keyword, { keywords: [word] });
  const wait = made.step('wait', waitForReply, { timeout: { amount: 1, unit: 'days' } }, { name: 'Their answer' });
  const done = made.step('done', end, {});
  start.to('next', wait);
  wait.to('replied', done).to('timeout', done);
  const { id } = madeSchema.parse((await api.call('POST', '/api/v1/flows', { body: made.build() })).body);
  await api.call('POST', `/api/v1/flows/${id}/publish`, { headers: { 'if-match': '"1"' } });
  const contacts = z
    .object({ data: z.array(madeSchema) })
    .parse((await api.call('GET', '/api/v1/contacts?limit=200')).body)
    .data.slice(0, people);
  const batch = await api.call('POST', `/api/v1/flows/${id}/enrollments`, {
    body: { contact_ids: contacts.map((contact) => contact.id) },
  });
  expect(batch.status).toBe(202);
  return { id, batch: batch.body };
}

const standing = async (id: string, step: string) =>
  pageSchema.parse((await api.call('GET', `/api/v1/flows/${id}/enrollments?step_id=${step}`)).body).data;

describe('people let in through the API', () => {
  test('a small batch is counted in the answer; each stands where the list says, with the way there', async () => {
    await api.addContacts(5);
    const { id, batch } = await waiting('SMALL', 3);
    expect(batch).toMatchObject({ state: 'done', enrolled: 3, already_in_flow: 0, not_found: 0, runs: 1 });
    await until(
      'three at the wait',
      async () => (await standing(id, 'wait')).filter((row) => row.state === 'waiting').length === 3,
    );
    const [first] = await standing(id, 'wait');
    const detail = detailSchema.parse((await api.call('GET', `/api/v1/enrollments/${first?.id}`)).body);
    expect(detail.path).toEqual([
      expect.objectContaining({
        step_id: 'start',
        step_summary: 'Someone texts SMALL',
        reason: expect.objectContaining({ text: 'Entered without a keyword' }),
      }),
    ]);
  });

  test('who went on from a step is listed as well, and nobody who is still there or failed', async () => {
    const { id } = await waiting('MOVED', 2);
    await until('two at the wait', async () => (await standing(id, 'wait')).length === 2);
    const gone = async (step: string) =>
      pageSchema.parse((await api.call('GET', `/api/v1/flows/${id}/enrollments?step_id=${step}&moved_on=true`)).body)
        .data;
    expect(await gone('wait')).toEqual([]);
    expect((await gone('start')).map((row) => row.id)).toEqual((await standing(id, 'wait')).map((row) => row.id));
    expect(await standing(id, 'start')).toEqual([]);
  });

  test('a condition is followed page by page, everyone by the empty one, unknown ones counted', async () => {
    const { id } = await waiting('EVERYONE', 1);
    const enroll = async (body: object) =>
      madeSchema.parse((await api.call('POST', `/api/v1/flows/${id}/enrollments`, { body })).body).id;
    const done = (batch: string) =>
      until('the batch', async () => {
        const { body } = await api.call('GET', `/api/v1/flows/${id}/batches/${batch}`);
        return z.looseObject({ state: z.string() }).parse(body).state === 'done' ? body : null;
      });
    expect(
      await done(await enroll({ condition: { field: 'contact.first_name', op: 'is', value: 'Person 4' } })),
    ).toMatchObject({ enrolled: 0, already_in_flow: 1 });
    expect(await done(await enroll({ condition: { all: [] } }))).toMatchObject({ enrolled: 4, already_in_flow: 1 });
    expect(await done(await enroll({ contact_ids: [`con_0${'0'.repeat(25)}`] }))).toMatchObject({
      enrolled: 0,
      not_found: 1,
    });
  });

  test('conditions that do not fit are refused at their place', async () => {
    const { id } = await waiting('UNFIT', 1);
    for (const [condition, path] of [
      [{ field: 'contact.first_name', op: 'resembles', value: 'x' }, ['condition', 'op']],
      [{ field: 'reply.text', op: 'means_yes' }, ['condition', 'field']],
      [{ field: 'contact.nonsense', op: 'is', value: 'x' }, ['condition', 'field']],
    ] as const) {
      const answer = await api.call('POST', `/api/v1/flows/${id}/enrollments`, { body: { condition } });
      expect([
        answer.status,
        z.looseObject({ errors: z.array(z.looseObject({ path: z.unknown() })) }).parse(answer.body).errors[0]?.path,
      ]).toEqual([422, path]);
    }
  });
});

describe('a process that ended in the middle', () => {
  test('of stopping or resuming a flow: the next start finishes it', async () => {
    const stopped = await waiting('STOPPING', 4);
    const resumed = await waiting('RESUMING', 4);
    for (const { id } of [stopped, resumed])
      await until('people at the wait', async () => (await standing(id, 'wait')).length === 4);
    const rows = await api.inTx((tx) => tx.selectFrom('flows').select(['id', 'name']).execute());
    const uuid = (name: string) => rows.find((row) => row.name === name)?.id ?? '';
    await api.inTx(async (tx) => {
      await tx.updateTable('flows').set({ state: 'stopped' }).where('id', '=', uuid('Wait for STOPPING')).execute();
      // Held by a pause that was lifted before anyone was released.
      await tx
        .updateTable('enrollments')
        .set({ state: 4, run_id: null, due_at: null, waiting_event: null })
        .where('flow_id', '=', uuid('Wait for RESUMING'))
        .execute();
    });
    await finishLifecycles(api.engine, [api.workspaceId]);
    const ended = await api.inTx((tx) =>
      tx.selectFrom('enrollment_history').select('outcome').where('flow_id', '=', uuid('Wait for STOPPING')).execute(),
    );
    expect(ended.map((row) => row.outcome)).toEqual(['stopped', 'stopped', 'stopped', 'stopped']);
    await until(
      'people waiting again',
      async () => (await standing(resumed.id, 'wait')).filter((row) => row.state === 'waiting').length === 4,
    );
  });
});

describe('health', () => {
  test('ready while everything answers, not while something does not', async () => {
    const fine = await healthRoutes({ database: databaseProbe(api.db) }, ['database']).request('/readyz');
    expect([fine.status, await fine.json()]).toEqual([200, { ready: true, database: true }]);
    const probes = { database: databaseProbe(api.db), temporal: () => Promise.reject(new Error('away')) };
    const broken = await healthRoutes(probes, ['database', 'temporal']).request('/readyz');
    expect([broken.status, await broken.json()]).toEqual([503, { ready: false, database: true, temporal: false }]);
    const shown = await healthRoutes(probes, ['database']).request('/readyz');
    expect([shown.status, await shown.json()]).toEqual([200, { ready: true, database: true, temporal: false }]);
  });
});
