import { giveCodes } from '@signalbox/engine/codes/give';
import { idFrom } from '@signalbox/engine/http/ids';
import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from '../api/client.ts';
import { anywhere, setRules } from '../support/gate-rules.ts';
import { until } from '../support/harness.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ work: true });
  await api.inTx((tx) => setRules({ tx, workspaceId: api.workspaceId, now: new Date() }, anywhere));
});
afterAll(() => api.close());

const poolSchema = z.looseObject({ id: z.string(), key: z.string(), left: z.number(), given: z.number() });
const idSchema = z.looseObject({ id: z.string() });
let made = 0;
const call = (method: string, path: string, body?: object, headers = {}) =>
  api.call(method, `/api/v1${path}`, { headers, ...(body === undefined ? {} : { body }) });
const newPool = async (codes: readonly string[], more: object = {}) => {
  const pool = poolSchema.parse((await call('POST', '/code-pools', { name: `Pool ${++made}`, ...more })).body);
  if (codes.length > 0) expect((await call('POST', `/code-pools/${pool.id}/codes`, { codes })).status).toBe(200);
  return pool;
};
const readPool = async (id: string) => poolSchema.parse((await call('GET', `/code-pools/${id}`)).body);
const newPeople = async (count: number) => {
  const contacts = Array.from({ length: count }, () => ({ phone: `+120255${50_000 + ++made}` }));
  return z
    .object({ data: z.array(idSchema) })
    .parse((await call('POST', '/contacts/upsert', { contacts })).body)
    .data.map(({ id }) => id);
};
const codesOf = (count: number) => Array.from({ length: count }, () => `C-${String(++made).padStart(6, '0')}`);
const give = (pool: string, contactIds: readonly string[]) =>
  api.inTx((tx) =>
    giveCodes(
      { tx, workspaceId: api.workspaceId, now: new Date() },
      contactIds.map((id) => ({ contactId: idFrom('contact', id), pool })),
    ),
  );

describe('Codes of a pool', () => {
  test('go out in texts, each to one person, the same to the same one; who finds none left goes the way that the text says', async () => {
    const codes = codesOf(3);
    const pool = await newPool(codes);
    const people = await newPeople(5);
    const type = `code.wanted_${++made}`;
    const w = flow(`Codes ${made}`);
    w.step('start', apiEvent, { event: type }).to(
      'next',
      w.step('send', sendSms, {
        text: `Yours: {{ codes.${pool.key} }}`,
        missing: [{ variable: `codes.${pool.key}`, do: 'skip' }],
        purpose: 'transactional',
      }),
    );
    const flowId = idSchema.parse((await call('POST', '/flows', w.build())).body).id;
    expect((await call('POST', `/flows/${flowId}/publish`, undefined, { 'if-match': '*' })).status).toBe(200);
    const all = async () =>
      (
        await api.inTx((tx) =>
          sql<{ body: string; contact_id: string }>`
            SELECT body, contact_id FROM messages WHERE flow_id = ${idFrom('flow', flowId)}::uuid ORDER BY id`.execute(
            tx,
          ),
        )
      ).rows;
    const through = (count: number) =>
      until('everybody to be through', async () => {
        const { rows } = await api.inTx((tx) =>
          sql<{
            n: number;
          }>`SELECT count(*)::int AS n FROM enrollment_history WHERE flow_id = ${idFrom('flow', flowId)}::uuid`.execute(
            tx,
          ),
        );
        return rows[0]?.n === count ? true : null;
      });
    await call('POST', `/flows/${flowId}/enrollments`, { contact_ids: people });
    await through(5);
    const sent = await all();
    expect(sent.map(({ body }) => body).sort()).toEqual(codes.map((code) => `Yours: ${code}`));
    expect(await readPool(pool.id)).toMatchObject({ codes: 3, given: 3, left: 0 });
    await call('POST', `/flows/${flowId}/enrollments`, { contact_ids: people });
    await through(10);
    const again = await all();
    expect(again).toHaveLength(6);
    for (const { contact_id, body } of sent)
      expect(again.filter((each) => each.contact_id === contact_id).map((each) => each.body)).toEqual([body, body]);
    const given = z
      .object({ data: z.array(z.looseObject({ code: z.string() })), next_cursor: z.string().nullable() })
      .parse((await call('GET', `/code-pools/${pool.id}/given?limit=2`)).body);
    const rest = (await call('GET', `/code-pools/${pool.id}/given?limit=2&cursor=${given.next_cursor}`)).body;
    expect(rest).toMatchObject({ data: [{}], next_cursor: null });
  });

  test('are never given twice, whoever asks at the same time, and what is rolled back was never given', async () => {
    const pool = await newPool(codesOf(130));
    const people = await newPeople(150);
    const broken = api.inTx(async (tx) => {
      const work = { tx, workspaceId: api.workspaceId, now: new Date() };
      await giveCodes(
        work,
        people.slice(0, 40).map((id) => ({ contactId: idFrom('contact', id), pool: pool.key })),
      );
      throw new Error('The process ends here.');
    });
    // Everybody is asked for by several at once, in another order each time.
    const groups = Array.from({ length: 8 }, (_, turn) => people.filter((_id, index) => (index + turn) % 3 !== 0));
    const [ended, ...got] = await Promise.allSettled([
      broken,
      ...groups.map((ids, turn) => give(pool.key, turn % 2 === 0 ? ids : ids.toReversed())),
    ]);
    expect(ended?.status).toBe('rejected');
    expect(got.map(({ status }) => status)).toEqual(groups.map(() => 'fulfilled'));
    await give(pool.key, people);
    const { rows } = await api.inTx((tx) =>
      sql<{ people: number; codes: number; marked: number }>`
        SELECT count(DISTINCT g.contact_id)::int AS people, count(DISTINCT g.code)::int AS codes, count(c.given_at)::int AS marked
        FROM code_grants g JOIN codes c ON c.workspace_id = g.workspace_id AND c.code = g.code WHERE g.pool_id = ${idFrom('pool', pool.id)}::uuid`.execute(
        tx,
      ),
    );
    expect(rows).toEqual([{ people: 130, codes: 130, marked: 130 }]);
    expect(await readPool(pool.id)).toMatchObject({ given: 130, left: 0 });
    const known = await give(pool.key, people);
    expect(known.filter((code) => code !== null)).toHaveLength(130);
    expect(await give('no_such_pool', people.slice(0, 1))).toEqual([null]);
  });

  test('are redeemed once, which is an event with its amount and a conversion with revenue', async () => {
    const [code = '', other = ''] = codesOf(2);
    const pool = await newPool([code, other]);
    const [contactId = ''] = await newPeople(1);
    const goal = idSchema.parse(
      (
        await call('POST', '/goals', {
          name: `Redeemed ${++made}`,
          event: 'code.redeemed',
          value_field: 'amount',
          currency: 'EUR',
        })
      ).body,
    );
    const redeem = (which: string, more: object = {}) => call('POST', '/codes/redemptions', { code: which, ...more });
    expect((await redeem('NO-SUCH-CODE')).body).toMatchObject({ code: 'code_unknown' });
    expect((await redeem(code)).body).toMatchObject({ code: 'code_not_given' });
    expect(await give(pool.key, [contactId])).toEqual([code]);
    const answers = await Promise.all([1, 2, 3].map(() => redeem(code, { amount: '49.90', currency: 'eur' })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const bodies = answers.map(({ body }) => z.looseObject({ already: z.boolean(), event_id: z.string() }).parse(body));
    expect(bodies.filter(({ already }) => !already)).toHaveLength(1);
    expect(new Set(bodies.map(({ event_id }) => event_id)).size).toBe(1);
    expect((await call('GET', `/goals/${goal.id}/conversions`)).body).toMatchObject({
      data: [{ contact_id: contactId, micro_units: '49900000', currency: 'EUR' }],
    });
    expect(await readPool(pool.id)).toMatchObject({ given: 1, redeemed: 1, left: 1 });
  });
});

describe('A pool', () => {
  test('has codes made that cannot be guessed, takes none twice, and gives none while it is archived', async () => {
    const pool = await newPool([]);
    const add = (body: object) => call('POST', `/code-pools/${pool.id}/codes`, body);
    expect((await add({ pattern: 'SPRING-####', count: 100 })).body).toMatchObject({ errors: [{ path: ['pattern'] }] });
    expect((await add({ pattern: 'SPRING-########', count: 100 })).body).toMatchObject({ added: 100, known: 0 });
    const own = codesOf(2);
    expect((await add({ codes: [...own, ...own] })).body).toMatchObject({ added: 2, known: 2, pool: { codes: 102 } });
    const elsewhere = await newPool([]);
    expect((await call('POST', `/code-pools/${elsewhere.id}/codes`, { codes: own })).body).toMatchObject({ added: 0 });
    expect((await add({ codes: ['with space'] })).status).toBe(422);
    const [contactId = ''] = await newPeople(1);
    await call('PATCH', `/code-pools/${pool.id}`, { archived: true }, { 'if-match': '*' });
    expect(await give(pool.key, [contactId])).toEqual([null]);
    expect((await call('POST', '/code-pools', { name: 'Other', key: pool.key })).body).toMatchObject({
      code: 'code_pool_exists',
    });
  });

  test('that runs low is told of, until it does not', async () => {
    const pool = await newPool(codesOf(3), { low_at: 3 });
    const low = async () => {
      await api.engine.maintenance.turn('codes');
      const { rows } = await api.inTx((tx) =>
        sql<{
          open: boolean;
        }>`SELECT resolved_at IS NULL AS open FROM notices WHERE kind = 'codes_low' AND subject = ${pool.id}`.execute(
          tx,
        ),
      );
      return rows[0]?.open ?? null;
    };
    expect(await low()).toBeNull();
    await give(pool.key, await newPeople(1));
    expect(await low()).toBe(true);
    await call('POST', `/code-pools/${pool.id}/codes`, { codes: codesOf(1) });
    expect(await low()).toBe(false);
    await give(pool.key, await newPeople(2));
    await call('PATCH', `/code-pools/${pool.id}`, { low_at: null }, { 'if-match': '*' });
    expect(await low()).toBe(false);
  });

  test('that a text names and that is not there keeps a flow from being published', async () => {
    const w = flow(`No pool ${++made}`);
    w.step('start', apiEvent, { event: `pool.missing_${made}` }).to(
      'next',
      w.step('send', sendSms, { text: 'Yours: {{ codes.never_made }}', purpose: 'transactional' }),
    );
    const flowId = idSchema.parse((await call('POST', '/flows', w.build())).body).id;
    expect((await call('POST', `/flows/${flowId}/publish`, undefined, { 'if-match': '*' })).body).toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ code: 'code_pool_gone', step_id: 'send' })]),
    });
  });
});
