import { attributionModels } from '@signalbox/engine/goals/attribution';
import { idFrom } from '@signalbox/engine/http/ids';
import { differenceToHoldout } from '@signalbox/engine/insights/holdout';
import { flow } from '@signalbox/nodes/flow/builder';
import { end } from '@signalbox/nodes/library/end/end';
import { split } from '@signalbox/nodes/library/logic/split';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { anywhere, setRules } from '../support/gate-rules.ts';
import { until } from '../support/harness.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

const dayMs = 86_400_000;
let skippedMs = 0;
const now = () => new Date(Date.now() + skippedMs);
let api: ApiHarness;
beforeAll(async () => {
  const started = await startApiHarness({ work: true, clock: { now, monotonic: () => performance.now() } });
  const token = await started.token('full', 'bearer', 1_000 * dayMs);
  api = { ...started, call: (method, path, options = {}) => started.call(method, path, { token, ...options }) };
});
afterAll(() => api.close());

const idSchema = z.looseObject({ id: z.string() });
const returnSchema = z.looseObject({
  goals: z.array(
    z.looseObject({
      name: z.string(),
      conversions: z.number(),
      credit_micro: z.string(),
      micro_units: z.string().nullable(),
      holdout: z.unknown(),
    }),
  ),
  revenue: z.array(z.object({ currency: z.string(), micro_units: z.string() })),
  cost: z.array(z.object({ currency: z.string(), micro_units: z.string() })),
  roi: z.number().nullable(),
  roi_missing: z.string().nullable(),
});
let made = 0;
const post = async (path: string, body?: object, headers = {}) => {
  const answer = await api.call('POST', `/api/v1${path}`, { headers, ...(body === undefined ? {} : { body }) });
  expect([path, answer.status < 300]).toEqual([path, true]);
  return answer.body;
};
const person = async () => idSchema.parse(await post('/contacts', { phone: `+120255${61_000 + ++made}` })).id;
const drawn = () => {
  const w = flow(`Flow ${++made}`);
  const start = w.step('start', apiEvent, { event: `never.told_${made}` });
  return { w, start };
};
const newFlow = async () => {
  const { w, start } = drawn();
  start.to('next', w.step('done', end, {}));
  return idSchema.parse(await post('/flows', w.build())).id;
};
const goal = async (body: object) =>
  idSchema.parse(await post('/goals', { name: `Goal ${++made}`, event: `bought.thing_${made}`, ...body }));
const ago = (days: number) => new Date(now().getTime() - days * dayMs);

/** A message that was delivered some days ago, with a click in it where there was one. */
async function message(flowId: string | null, contactId: string, deliveredDaysAgo: number, clickedDaysAgo?: number) {
  const id = api.engine.ids.uuid();
  const [contact, of] = [idFrom('contact', contactId), flowId === null ? null : idFrom('flow', flowId)];
  const at = ago(deliveredDaysAgo);
  await api.inTx(async (tx) => {
    await sql`
      INSERT INTO messages (workspace_id, id, contact_id, account_id, direction, state, sender, number, body, segments, encoding, flow_id, created_at, accepted_at, delivered_at)
      SELECT workspace_id, ${id}::uuid, ${contact}::uuid, id, 'out', 'delivered', '+12025550100', '+12025550101', 'Look', 1, 'GSM-7', ${of}::uuid, ${at}, ${at}, ${at}
      FROM accounts LIMIT 1`.execute(tx);
    if (clickedDaysAgo === undefined) return;
    const code = String(100_000_000 + ++made);
    await sql`
      INSERT INTO links (workspace_id, code, message_id, contact_id, flow_id, target, created_at, expires_at)
      SELECT workspace_id, ${code}, ${id}::uuid, ${contact}::uuid, ${of}::uuid, 'https://example.com/', ${at}, ${now()} FROM workspaces`.execute(
      tx,
    );
    await sql`
      INSERT INTO link_clicks (workspace_id, id, code, at, device, automatic)
      SELECT workspace_id, ${api.engine.ids.uuid()}::uuid, ${code}, ${ago(clickedDaysAgo)}, 'phone', false FROM workspaces`.execute(
      tx,
    );
  });
}
const buys = (type: string, contactId: string, data: object = {}, daysAgo = 0) =>
  post('/events', { type, contact_id: contactId, data, occurred_at: ago(daysAgo).toISOString() });
const readReturn = async (flowId: string, query = '') =>
  returnSchema.parse((await api.call('GET', `/api/v1/flows/${flowId}/return${query}`)).body);

describe('What a flow brought in', () => {
  test('is divided by each model among the messages of all flows that led to it, and adds up', async () => {
    const [mine, other, contactId] = [await newFlow(), await newFlow(), await person()];
    const { id, event } = z
      .looseObject({ id: z.string(), event: z.string() })
      .parse(await goal({ value_field: 'total', currency: 'EUR', window_days: 5, delivery_days: 2 }));
    await message(mine, contactId, 9, 4);
    await message(other, contactId, 1.5);
    await message(null, contactId, 1, 0.5);
    await message(mine, contactId, 3);
    await message(other, contactId, 8, 6);
    await buys(event, contactId, { total: 100.000001 });
    await buys(event, contactId, { total: 'unknown' });
    const query = (model: string) => `?model=${model}&goal_id=${id}`;
    // Clicked four days before, delivered one and a half, clicked half a day before.
    const mineOf: Record<string, string> = { last_touch: '0', linear: '666666', time_decay: '0', position: '800000' };
    for (const model of attributionModels) {
      const [of, than] = [await readReturn(mine, query(model)), await readReturn(other, query(model))];
      expect(of.goals[0]?.conversions).toBe(2);
      if (model !== 'time_decay') expect([model, of.goals[0]?.credit_micro]).toEqual([model, mineOf[model]]);
      const shares = [of, than].map(({ goals }) => BigInt(goals[0]?.micro_units ?? '0'));
      expect(shares.reduce((sum, share) => sum + share, 0n) <= 100_000_001n).toBe(true);
    }
    const linear = await readReturn(mine, query('linear'));
    expect(linear.revenue).toEqual([{ currency: 'EUR', micro_units: '33333333' }]);
    const decay = await readReturn(mine, query('time_decay'));
    const weights = [4, 1.5, 0.5].map((days) => 2 ** (-days / 2));
    const share = (weights[0] ?? 0) / weights.reduce((sum, weight) => sum + weight, 0);
    expect(Math.abs(Number(decay.goals[0]?.credit_micro) - 2_000_000 * share)).toBeLessThanOrEqual(20);
  });

  test('counts what came within the windows, which whoever looks may set', async () => {
    const [mine, contactId] = [await newFlow(), await person()];
    const { id, event } = z.looseObject({ id: z.string(), event: z.string() }).parse(await goal({}));
    await message(mine, contactId, 6.9, 5.9);
    await buys(event, contactId);
    const of = async (more: string) => (await readReturn(mine, `?goal_id=${id}${more}`)).goals[0]?.conversions;
    expect(await of('')).toBe(0);
    expect(await of('&window_days=6')).toBe(1);
    expect(await of('&delivery_days=7')).toBe(1);
    expect(await of('&window_days=6&days=1')).toBe(1);
    await buys(event, contactId, {}, 8);
    expect(await of('&window_days=90&delivery_days=90')).toBe(1);
  });

  test('stands beside what it cost, and a return only where both are in one currency', async () => {
    const [mine, contactId] = [await newFlow(), await person()];
    const [inDollars, inEuros] = z
      .array(z.looseObject({ id: z.string(), event: z.string() }))
      .parse([await goal({ value_field: 'v', currency: 'USD' }), await goal({ value_field: 'v', currency: 'EUR' })]);
    await message(mine, contactId, 0.5);
    expect(await readReturn(mine)).toMatchObject({ revenue: [], cost: [], roi: null, roi_missing: 'no_cost' });
    await api.inTx((tx) =>
      sql`INSERT INTO spend_deltas (workspace_id, account_id, flow_id, country, messages, micro_units, at)
        SELECT workspace_id, id, ${idFrom('flow', mine)}::uuid, 'US', 1, 2000000, ${now()} FROM accounts LIMIT 1`.execute(
        tx,
      ),
    );
    expect(await readReturn(mine)).toMatchObject({
      cost: [{ currency: 'USD', micro_units: '2000000' }],
      roi_missing: 'no_revenue',
    });
    await buys(inDollars?.event ?? '', contactId, { v: 5 });
    expect(await readReturn(mine)).toMatchObject({ roi: 1.5, roi_missing: null });
    await buys(inEuros?.event ?? '', contactId, { v: 5 });
    expect(await readReturn(mine)).toMatchObject({ roi: null, roi_missing: 'currencies' });
    expect(await readReturn(mine, `?goal_id=${inDollars?.id}`)).toMatchObject({ roi: 1.5 });
    expect((await api.call('GET', `/api/v1/flows/flw_${'0'.repeat(26)}/return`)).status).toBe(404);
  });

  test('is compared with people whom chance held back, once they had as long as the others', async () => {
    await api.inTx((tx) => setRules({ tx, workspaceId: api.workspaceId, now: now() }, anywhere));
    const { w, start } = drawn();
    const step = w.step('draw', split, {
      shares: [
        { id: 'text', label: 'Text', percent: 50 },
        { id: 'nothing', label: 'Nothing', percent: 50 },
      ],
    });
    const done = w.step('done', end, {});
    start.to('next', step);
    step.to('text', w.step('send', sendSms, { text: 'Look', purpose: 'transactional' })).to('nothing', done);
    const flowId = idSchema.parse(await post('/flows', w.build())).id;
    await post(`/flows/${flowId}/publish`, undefined, { 'if-match': '*' });
    const people = await Promise.all(Array.from({ length: 24 }, person));
    const { id, event } = z.looseObject({ id: z.string(), event: z.string() }).parse(await goal({}));
    await post(`/flows/${flowId}/enrollments`, { contact_ids: people });
    await until('everybody to be through', async () => {
      const { rows } = await api.inTx((tx) =>
        sql<{
          n: number;
        }>`SELECT count(*)::int AS n FROM enrollment_history WHERE flow_id = ${idFrom('flow', flowId)}::uuid`.execute(
          tx,
        ),
      );
      return rows[0]?.n === people.length ? true : null;
    });
    const holdout = async () => (await readReturn(flowId, `?goal_id=${id}`)).goals[0]?.holdout;
    expect(await holdout()).toBeNull();
    const { rows: written } = await api.inTx((tx) =>
      sql<{
        contact_id: string;
      }>`SELECT contact_id FROM messages WHERE flow_id = ${idFrom('flow', flowId)}::uuid`.execute(tx),
    );
    const uuids = new Set(written.map((row) => row.contact_id));
    const isWritten = (contactId: string) => uuids.has(idFrom('contact', contactId));
    for (const contactId of [...people.filter(isWritten), ...people.filter((each) => !isWritten(each)).slice(0, 1)])
      await buys(event, contactId);
    skippedMs = 6 * dayMs;
    const counts = {
      reached: { people: uuids.size, converted: uuids.size },
      held_out: { people: people.length - uuids.size, converted: 1 },
    };
    expect(uuids.size).toBeGreaterThan(0);
    expect(await holdout()).toEqual({
      ...counts,
      difference: expect.objectContaining({ estimate: 1 - 1 / counts.held_out.people }),
    });
    expect(differenceToHoldout({ reached: { people: 0, converted: 0 }, heldOut: counts.held_out })).toBeNull();
  });
});
