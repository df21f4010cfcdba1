import { flow } from '@signalbox/nodes/flow/builder';
import { updateContact } from '@signalbox/nodes/library/people/update-contact';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { segment as segmentTrigger } from '@signalbox/nodes/library/trigger/segment';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from '../api/client.ts';
import { until } from '../support/harness.ts';

const dayMs = 86_400_000;
let api: ApiHarness;
let now = new Date();
let ids: string[] = [];
beforeAll(async () => {
  const started = await startApiHarness({ work: true, clock: { now: () => now, monotonic: () => performance.now() } });
  // Days are skipped: longer than tokens usually live.
  const token = await started.token('full', 'bearer', 1_000 * dayMs);
  api = { ...started, call: (method, path, options = {}) => started.call(method, path, { token, ...options }) };
});
afterAll(() => api.close());

const segmentSchema = z.looseObject({
  id: z.string(),
  size: z.number(),
  state: z.string(),
  mended: z.number(),
  sentence: z.string(),
});
let made = 0;
beforeEach(async () => {
  now = new Date(now.getTime() + 1_000);
  const contacts = Array.from({ length: 6 }, (_, at) => ({
    phone: `+120255${String(60_000 + made * 10 + at)}`,
    first_name: `Person ${made}`,
    attributes: { plan: at % 2 === 0 ? 'gold' : 'basic', run: `r${made}` },
  }));
  made += 1;
  const answer = await api.call('POST', '/api/v1/contacts/upsert', { body: { contacts } });
  ids = z
    .object({ data: z.array(z.object({ id: z.string() })) })
    .parse(answer.body)
    .data.map(({ id }) => id);
});

/** Of the people of this test alone. */
const ours = (...conditions: object[]) => ({
  all: [{ field: 'contact.attributes.run', op: 'is', value: `r${made - 1}` }, ...conditions],
});
const gold = { field: 'contact.attributes.plan', op: 'is', value: 'gold' };
const post = (path: string, body: object) => api.call('POST', `/api/v1${path}`, { body });
const create = async (condition: object, name = `Segment ${made} ${Math.random()}`) =>
  segmentSchema.parse((await post('/segments', { name, condition })).body);
const read = async (id: string) => segmentSchema.parse((await api.call('GET', `/api/v1/segments/${id}`)).body);
const ready = (id: string, size: number) =>
  until(`the segment to have ${size}`, async () => {
    const segment = await read(id);
    return segment.state === 'ready' && segment.size === size ? segment : null;
  });
const members = async (id: string): Promise<string[]> =>
  z
    .object({ data: z.array(z.object({ contact_id: z.string() })) })
    .parse((await api.call('GET', `/api/v1/segments/${id}/members`)).body)
    .data.map((row) => row.contact_id)
    .sort();
const ordered = async (contactId: string, total: number, at = now) => {
  const answer = await post('/events', {
    contact_id: contactId,
    type: 'order.placed',
    data: { total },
    occurred_at: at.toISOString(),
  });
  expect(answer.status).toBeLessThan(300);
};
const patch = (contactId: string, body: object) =>
  api.call('PATCH', `/api/v1/contacts/${contactId}`, { body, headers: { 'if-match': '*' } });
const changes = () =>
  api.inTx(
    async (tx) => (await sql<{ n: number }>`SELECT count(*)::int AS n FROM segment_changes`.execute(tx)).rows[0]?.n,
  );

describe('A segment', () => {
  test('is built of everybody, and says so in words', async () => {
    const segment = await create(ours(gold));
    expect(segment).toMatchObject({ state: 'building', sentence: `run is “r${made - 1}” and plan is “gold”` });
    await ready(segment.id, 3);
    expect(await members(segment.id)).toEqual([ids[0], ids[2], ids[4]].sort());
    expect((await api.call('GET', `/api/v1/segments/${segment.id}/reach`)).body).toMatchObject({
      blocked: 0,
      unreachable: 0,
    });
  });

  test('follows what people are, what they belong to and what they do', async () => {
    const [a = '', b = '', c = ''] = ids;
    const list = z
      .looseObject({ id: z.string() })
      .parse((await post('/contact-lists', { name: `L${made}`, kind: 'list' })).body).id;
    const plan = await create(ours(gold));
    const onList = await create(ours({ field: 'contact.lists', op: 'includes', value: list }));
    const spent = await create(ours({ field: 'events.order.placed', op: 'sum_at_least', of: 'total', value: 100 }));
    const inPlan = await create(ours({ field: 'contact.segments', op: 'includes', value: plan.id }));
    await ready(plan.id, 3);
    await ready(onList.id, 0);
    await ready(spent.id, 0);
    await ready(inPlan.id, 3);
    const before = await changes();
    await patch(b, { attributes: { plan: 'gold' } });
    await patch(a, { attributes: { plan: null } });
    await post(`/contact-lists/${list}/members`, { action: 'add', contact_ids: [a, b] });
    await ordered(c, 60);
    await ordered(c, 40);
    await ready(plan.id, 3);
    await until('the list to be followed', async () => ((await members(onList.id)).length === 2 ? true : null));
    await until('the sum to be followed', async () => ((await members(spent.id)).includes(c) ? true : null));
    await until('the segment of the segment', async () => ((await members(inPlan.id)).includes(b) ? true : null));
    expect(await members(plan.id)).toEqual([b, ids[2], ids[4]].sort());
    await until('the segment of the segment', async () => ((await members(inPlan.id)).includes(a) ? null : true));
    await post(`/contact-lists/${list}/members`, { action: 'remove', contact_ids: [a] });
    await ready(onList.id, 1);
    // Two moved in the segment and in the one that asks for it, two came onto the list and one left it, one spent enough.
    expect(await changes()).toBe((before ?? 0) + 8);
  });

  test('has somebody new, in one of those who never did something too', async () => {
    const never = await create(ours({ field: 'events.order.placed', op: 'never_happened' }));
    await ready(never.id, 6);
    await post('/contacts', { phone: `+120255${String(69_000 + made)}`, attributes: { run: `r${made - 1}` } });
    await ready(never.id, 7);
  });

  test('follows time: who did something comes with it and goes when it is long ago', async () => {
    const [a = '', b = ''] = ids;
    const lately = await create(ours({ field: 'events.order.placed', op: 'happened', within_days: 30 }));
    const lapsed = await create(ours({ field: 'events.order.placed', op: 'never_happened', within_days: 30 }));
    await ready(lately.id, 0);
    await ready(lapsed.id, 6);
    await ordered(a, 1);
    await ordered(b, 1, new Date(now.getTime() - 29 * dayMs));
    await ready(lately.id, 2);
    await ready(lapsed.id, 4);
    now = new Date(now.getTime() + dayMs + 1_000);
    await ready(lately.id, 1);
    expect(await members(lately.id)).toEqual([a]);
    await ready(lapsed.id, 5);
    now = new Date(now.getTime() + 30 * dayMs);
    await ready(lately.id, 0);
    await ready(lapsed.id, 6);
  });

  test('has nobody who was deleted, and has them again once they are taken back', async () => {
    const [a = ''] = ids;
    const never = await create(ours({ field: 'events.order.placed', op: 'never_happened' }));
    await ready(never.id, 6);
    expect((await post('/contacts/delete', { contact_ids: [a] })).status).toBe(200);
    await ready(never.id, 5);
    expect((await post('/deleted-contacts/restore', { contact_ids: [a] })).status).toBe(200);
    await ready(never.id, 6);
  });

  test('starts flows for those who come and those who leave, and not for those who were there', async () => {
    const [, b = ''] = ids;
    const segment = await create(ours(gold));
    await ready(segment.id, 3);
    const letIn = async (when: 'entered' | 'left', plan: string) => {
      const w = flow(`By segment ${when} ${made}`);
      const start = w.step('start', segmentTrigger, { segment: segment.id, when });
      start.to('next', w.step('mark', updateContact, { assignments: [{ field: `attributes.${plan}`, value: 'yes' }] }));
      await api.publish(`By segment ${when} ${made}`, w.graph());
    };
    await letIn('entered', 'came');
    await letIn('left', 'went');
    const attributes = async (id: string) =>
      z
        .object({ attributes: z.record(z.string(), z.unknown()) })
        .parse((await api.call('GET', `/api/v1/contacts/${id}`)).body).attributes;
    await patch(b, { attributes: { plan: 'gold' } });
    await until('who came to be let in', async () => ((await attributes(b))['came'] === 'yes' ? true : null));
    await patch(b, { attributes: { plan: 'basic' } });
    await until('who left to be let in', async () => ((await attributes(b))['went'] === 'yes' ? true : null));
    for (const id of ids.slice(2)) expect(await attributes(id)).not.toHaveProperty('came');
    expect(await api.call('DELETE', `/api/v1/segments/${segment.id}`)).toMatchObject({
      status: 409,
      body: { code: 'segment_in_use' },
    });
  });

  test('is an audience', async () => {
    const segment = await create(ours(gold));
    await ready(segment.id, 3);
    const w = flow(`Audience ${made}`);
    const start = w.step('start', apiEvent, { event: `audience.${made}` });
    start.to('next', w.step('mark', updateContact, { assignments: [{ field: 'attributes.seen', value: 'yes' }] }));
    const { flowId } = await api.publish(`Audience ${made}`, w.graph());
    const { body } = await api.call('GET', '/api/v1/flows?limit=1');
    const shownId = z.object({ data: z.array(z.object({ id: z.string() })) }).parse(body).data[0]?.id ?? flowId;
    expect((await post(`/flows/${shownId}/enrollments`, { segment_id: segment.id })).status).toBe(202);
    await until('three to be let in', async () => {
      const { rows } = await api.inTx((tx) =>
        sql<{
          enrolled: number;
        }>`SELECT enrolled FROM enrollment_batches WHERE segment_id IS NOT NULL ORDER BY created_at DESC LIMIT 1`.execute(
          tx,
        ),
      );
      return rows[0]?.enrolled === 3 ? true : null;
    });
    expect(await post(`/flows/${shownId}/enrollments`, { segment_id: 'seg_01jd4w7h8zqv3m5k2n9x6r0t4c' })).toMatchObject(
      {
        status: 422,
        body: { errors: [{ path: ['segment_id'], code: 'segment_unknown' }] },
      },
    );
  });

  test('is counted anew after a day: nothing is to be mended, and what somebody spoilt is', async () => {
    const segment = await create(ours(gold));
    await ready(segment.id, 3);
    const recounted = () =>
      until('a recount', async () => {
        const { rows } = await api.inTx((tx) =>
          sql<{
            done: boolean;
          }>`SELECT bool_and(cursor IS NULL AND recounted_at > ${new Date(now.getTime() - 3_600_000)}) AS done FROM segments`.execute(
            tx,
          ),
        );
        return rows[0]?.done === true ? true : null;
      });
    now = new Date(now.getTime() + dayMs + 1_000);
    await recounted();
    const { rows } = await api.inTx((tx) => sql<{ n: number }>`SELECT sum(mended)::int AS n FROM segments`.execute(tx));
    expect(rows[0]?.n).toBe(0);
    await api.inTx((tx) =>
      sql`DELETE FROM segment_members WHERE contact_id = (SELECT contact_id FROM segment_members m JOIN segments s ON s.id = m.segment_id WHERE s.name = (SELECT name FROM segments ORDER BY created_at DESC LIMIT 1) LIMIT 1)`.execute(
        tx,
      ),
    );
    await ready(segment.id, 2);
    now = new Date(now.getTime() + dayMs + 1_000);
    await ready(segment.id, 3);
    await until('the mended to be counted', async () => ((await read(segment.id)).mended === 1 ? true : null));
  });

  test('is asked anew with another condition, and nobody is told', async () => {
    const segment = await create(ours(gold));
    await ready(segment.id, 3);
    const before = await changes();
    const change = (body: object, match = '*') =>
      api.call('PATCH', `/api/v1/segments/${segment.id}`, { body, headers: { 'if-match': match } });
    expect((await change({ condition: ours({ not: gold }) })).status).toBe(200);
    await until('the other half', async () =>
      (await read(segment.id)).state === 'ready' && (await members(segment.id)).includes(ids[1] ?? '') ? true : null,
    );
    expect(await members(segment.id)).toEqual([ids[1], ids[3], ids[5]].sort());
    expect(await changes()).toBe(before);
    expect((await change({ name: 'Late' }, '"1"')).status).toBe(412);
  });
});

describe('What a segment may not be', () => {
  test('called like another, or in a circle', async () => {
    const first = await create(ours(gold), `Alike ${made}`);
    expect(await post('/segments', { name: `ALIKE ${made}`, condition: ours(gold) })).toMatchObject({
      status: 409,
      body: { code: 'segment_exists' },
    });
    const includes = (id: string) => ({ field: 'contact.segments', op: 'includes', value: id });
    const second = await create(ours(includes(first.id)));
    const change = (id: string, condition: object) =>
      api.call('PATCH', `/api/v1/segments/${id}`, { body: { condition }, headers: { 'if-match': '*' } });
    for (const [id, condition] of [
      [first.id, includes(first.id)],
      [first.id, { any: [gold, { not: includes(second.id) }] }],
    ] as const)
      expect(await change(id, condition)).toMatchObject({
        status: 422,
        body: { errors: [{ path: ['condition'], code: 'segment_circle' }] },
      });
    expect(await api.call('DELETE', `/api/v1/segments/${first.id}`)).toMatchObject({
      status: 409,
      body: { code: 'segment_in_use' },
    });
    expect((await api.call('DELETE', `/api/v1/segments/${second.id}`)).status).toBe(204);
    expect((await api.call('DELETE', `/api/v1/segments/${first.id}`)).status).toBe(204);
    expect((await api.call('GET', `/api/v1/segments/${first.id}`)).status).toBe(404);
  });

  test.each([
    [{ field: 'reply.text', op: 'is_set' }, ['condition', 'field'], 'condition_invalid'],
    [
      { all: [gold, { field: 'contact.lists', op: 'includes', value: 'lst_01jd4w7h8zqv3m5k2n9x6r0t4c' }] },
      ['condition', 'all', 1, 'value'],
      'list_unknown',
    ],
    [
      { field: 'contact.segments', op: 'includes', value: 'seg_01jd4w7h8zqv3m5k2n9x6r0t4c' },
      ['condition', 'value'],
      'segment_unknown',
    ],
    [
      { field: 'messages.sent', op: 'happened', flow: 'flw_01jd4w7h8zqv3m5k2n9x6r0t4c' },
      ['condition', 'flow'],
      'flow_unknown',
    ],
    [{ all: [] }, ['condition', 'all'], 'condition_invalid'],
    [{ field: 'events.x', op: 'count_at_least', value: 0 }, ['condition', 'value'], 'condition_invalid'],
  ])('%j', async (condition, path, code) => {
    for (const at of ['/segments', '/segments/preview']) {
      const body = at === '/segments' ? { name: 'Never', condition } : { condition };
      expect(await post(at, body)).toMatchObject({ status: 422, body: { errors: [{ path, code }] } });
    }
  });
});

test('a preview counts those whom the database cannot tell, and shows ten', async () => {
  const [a = '', b = ''] = ids;
  await patch(a, { attributes: { motto: 'Yes please 👍' } });
  await patch(b, { attributes: { motto: 'gold' } });
  const says = async (condition: object) =>
    z
      .looseObject({
        size: z.number(),
        samples: z.array(z.looseObject({ contact_id: z.string() })),
        sentence: z.string(),
      })
      .parse((await post('/segments/preview', { condition: ours(condition) })).body);
  expect(await says({ field: 'contact.attributes.motto', op: 'means_yes' })).toMatchObject({
    size: 1,
    samples: [{ contact_id: a }],
  });
  expect(await says({ field: 'contact.attributes.motto', op: 'is_set' })).toMatchObject({ size: 2 });
  expect((await says(gold)).samples).toHaveLength(3);
});
