import { shown } from '@signalbox/engine/http/ids';
import { readId } from '@signalbox/engine/runtime/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openCampaigns } from './campaign-world.ts';

/** What is said of a campaign before it goes out, and what keeps it from doing so. */

let world: Awaited<ReturnType<typeof openCampaigns>>;
beforeAll(async () => {
  world = await openCampaigns();
});
afterAll(() => world.close());

const of = (list: string) => ({ include: [{ kind: 'list', list_id: list }], exclude: [] });
const checkSchema = z.looseObject({
  size: z.number(),
  exact: z.boolean(),
  reached: z.number(),
  with_gaps: z.number(),
  segments: z.number(),
  unpriced: z.number(),
  reach: z.looseObject({ unreachable: z.number(), blocked: z.number() }),
  outcomes: z.array(
    z.looseObject({ kind: z.string(), code: z.string(), people: z.number(), samples: z.array(z.unknown()) }),
  ),
  by_country: z.array(z.looseObject({ country: z.string().nullable(), people: z.number() })),
  cost: z.object({ micro_units: z.string(), currency: z.string() }),
  finishes_at: z.string().nullable(),
});
const check = async (id: string) => checkSchema.parse((await world.post(`/campaigns/${id}/check`)).body);
const errorsOf = (body: unknown) =>
  z
    .object({ errors: z.array(z.object({ path: z.array(z.union([z.string(), z.number()])), code: z.string() })) })
    .parse(body).errors;

const abroad = [
  '+4915112345678',
  '+447400123456',
  '+61412345678',
  '+33612345678',
  '+819012345678',
  '+5511961234567',
  '+918123456789',
];

describe('What is said of a campaign before it goes out', () => {
  test('is what the gate will do: of an audience in eight countries, three tenths of whom no text reaches', async () => {
    const { list, phones } = await world.people(7);
    const { body } = await world.post('/contacts/upsert', { contacts: abroad.map((phone) => ({ phone })) });
    const others = z
      .object({ data: z.array(z.looseObject({ id: z.string() })) })
      .parse(body)
      .data.map(({ id }) => id);
    const { api } = world;
    const codes = Array.from({ length: 6 }, (_, index) => ({
      id: api.engine.ids.uuid(),
      phone: String(70_000 + index),
    }));
    await api.inTx((tx) =>
      tx
        .insertInto('contacts')
        .values(
          codes.map((each) => ({
            ...each,
            workspace_id: api.workspaceId,
            created_at: world.now(),
            updated_at: world.now(),
          })),
        )
        .execute(),
    );
    await world.post(`/contact-lists/${list}/members`, {
      action: 'add',
      contact_ids: [...others, ...codes.map(({ id }) => shown('contact', id))],
    });
    await world.post('/suppressions', { numbers: phones.slice(0, 1) });
    await world.post('/prices', { prices: [{ provider: 'twilio', prefix: '+1', micro_units: '7900' }] });
    const campaign = await world.create({ audience: of(list), pace: { kind: 'rate', people_per_hour: 130 } });
    const said = await check(campaign.id);
    expect(said).toMatchObject({
      size: 20,
      exact: true,
      reached: 13,
      segments: 13,
      unpriced: 7,
      reach: { unreachable: 6, blocked: 1 },
      outcomes: [{ kind: 'refuse', code: 'suppressed', people: 1 }],
      cost: { micro_units: String(6 * 7_900), currency: 'USD' },
    });
    expect(said.by_country.map(({ country, people }) => `${country} ${people}`).sort()).toEqual(
      ['AU 1', 'BR 1', 'DE 1', 'FR 1', 'GB 1', 'IN 1', 'JP 1', 'US 6'].sort(),
    );
    expect(Date.parse(said.finishes_at ?? '') - world.now().getTime()).toBeLessThanOrEqual(6 * 60_000);

    await world.patch(campaign.id, { pace: null });
    await world.launch(campaign.id);
    const over = await world.over(campaign.id);
    expect(over).toMatchObject({ people: { let_in: 14 }, progress: { sent: said.reached, not_sent: 1 } });
    expect(world.got([...phones, ...abroad])).toEqual([0, ...Array.from({ length: 13 }, () => 1)]);
    const results = await world.api.call('GET', `/api/v1/campaigns/${campaign.id}/results`);
    expect(results.body).toMatchObject({ sent: 13, not_sent: 1, refusals: [{ code: 'suppressed', people: 1 }] });
  });

  test('names those about whom something is not known, and those who never agreed', async () => {
    const { list } = await world.people(2);
    const text = 'Hello {{ contact.last_name }}.';
    const campaign = await world.create({ audience: of(list), message: { text, purpose: 'transactional' } });
    expect(await check(campaign.id)).toMatchObject({ reached: 2, with_gaps: 2, outcomes: [] });
    const missing = [{ variable: 'contact.last_name', do: 'skip' }];
    await world.patch(campaign.id, { message: { text, missing, purpose: 'transactional' } });
    expect(await check(campaign.id)).toMatchObject({
      reached: 0,
      outcomes: [{ kind: 'left_out', code: 'value_missing', people: 2 }],
    });
    await world.patch(campaign.id, { message: { text: 'Hello.', purpose: 'marketing' } });
    expect((await check(campaign.id)).outcomes).toMatchObject([{ kind: 'refuse', people: 2 }]);
  });

  test('a test send is the message as it is filled in, and counts in nothing', async () => {
    const { ids, list, phones } = await world.people(1);
    const campaign = await world.create({
      audience: of(list),
      message: { text: 'Hello {{ contact.first_name }}.', purpose: 'transactional' },
    });
    const answer = await world.post(`/campaigns/${campaign.id}/test`, { contact_ids: ids });
    expect(answer).toMatchObject({ status: 202, body: { data: [{ contact_id: ids[0], state: 'queued' }] } });
    await expect.poll(() => world.got(phones, 'Hello Person 0.'), { timeout: 10_000 }).toEqual([1]);
    expect((await world.read(campaign.id)).progress).toEqual({ waiting: 0, sending: 0, sent: 0, not_sent: 0 });
  });
});

describe('A campaign is refused', () => {
  test('a launch without an audience, in the past, or with a message that is not written yet', async () => {
    const campaign = await world.create({
      schedule: { kind: 'at', date: '2020-01-01', time: '09:00', zone: 'UTC' },
      message: { text: '' },
    });
    const launch = () => world.post(`/campaigns/${campaign.id}/launch`, undefined, { 'if-match': '*' });
    const refused = await launch();
    expect([refused.status, errorsOf(refused.body).map(({ path, code }) => `${path.join('.')} ${code}`)]).toEqual([
      422,
      ['audience.include audience_empty', 'schedule schedule_past'],
    ]);
    const { list } = await world.people(1);
    await world.patch(campaign.id, { audience: of(list), schedule: { kind: 'now' } });
    expect(await launch()).toMatchObject({ status: 422, body: { code: 'flow_has_problems' } });
    expect((await world.read(campaign.id)).state).toBe('draft');
  });

  test('parts, lines and keys that do not exist, each at its place', async () => {
    const nowhere = `seg_${'0'.repeat(26)}`;
    const { list } = await world.people(0);
    const include = [...of(list).include, { kind: 'segment', segment_id: nowhere }];
    const at = async (body: object) => errorsOf((await world.post('/campaigns', { name: 'Unfit', ...body })).body)[0];
    expect(await at({ audience: { include, exclude: [] } })).toEqual({
      path: ['audience', 'include', 1, 'segment_id'],
      code: 'segment_unknown',
    });
    const condition = { field: 'contact.nothing', op: 'is_set' };
    expect((await at({ audience: { include: [{ kind: 'condition', condition }], exclude: [] } }))?.path).toEqual([
      'audience',
      'include',
      0,
      'condition',
      'field',
    ]);
    const recurring = { kind: 'recurring', zone: 'UTC', ends_at: null, missed: 'skip' };
    expect((await at({ schedule: { ...recurring, cron: '0 9 1 * 1' } }))?.path).toEqual(['schedule', 'cron']);
    expect((await at({ message: { text: 'Hello', sender: 'x' } }))?.path).toEqual(['message', 'sender']);
  });

  test('a change of what somebody else changed, on the canvas too: what is drawn there stays', async () => {
    const { list } = await world.people(1);
    const campaign = await world.create({ audience: of(list) });
    const path = `/api/v1/flows/${campaign.flow_id}`;
    const graphSchema = z.object({
      graph: z.object({
        schema_version: z.number(),
        steps: z.array(z.looseObject({ id: z.string() })),
        edges: z.array(z.unknown()),
      }),
    });
    const { graph } = graphSchema.parse((await world.api.call('GET', path)).body);
    const later = { id: 'later', type: 'wait', version: 1, config: { duration: { amount: 1, unit: 'days' } } };
    const drawn = {
      ...graph,
      steps: [...graph.steps, later],
      edges: [
        { from: 'start', outlet: 'next', to: 'later' },
        { from: 'later', outlet: 'done', to: 'message' },
        { from: 'message', outlet: 'sent', to: 'done' },
      ],
    };
    const saved = await world.api.call('PATCH', path, { body: { graph: drawn }, headers: { 'if-match': '*' } });
    expect(saved.status).toBe(200);
    const message = { text: 'Tomorrow.', purpose: 'transactional' };
    expect((await world.patch(campaign.id, { message }, campaign.revision)).status).toBe(412);
    const { revision } = await world.read(campaign.id);
    expect((await world.patch(campaign.id, { message }, revision)).body).toMatchObject({
      drawn_further: true,
      message,
    });
    const after = graphSchema.parse((await world.api.call('GET', path)).body).graph;
    expect(after.edges).toEqual(drawn.edges);
    expect(after.steps.find(({ id }) => id === 'later')).toEqual(later);
  });

  test('what its state does not allow: it is over, archived and brought back, and a draft is deleted', async () => {
    const { list } = await world.people(0);
    const campaign = await world.create({ audience: of(list) });
    await world.launch(campaign.id);
    const remove = (id: string) =>
      world.api.call('DELETE', `/api/v1/campaigns/${id}`, { headers: { 'if-match': '*' } });
    await world.over(campaign.id);
    expect((await world.patch(campaign.id, { pace: null })).status).toBe(409);
    expect((await world.patch(campaign.id, { name: 'Renamed' })).body).toMatchObject({ name: 'Renamed' });
    expect((await remove(campaign.id)).status).toBe(204);
    const listed = async (query: string) =>
      z
        .object({ data: z.array(z.looseObject({ id: z.string() })) })
        .parse((await world.api.call('GET', `/api/v1/campaigns?search=Renamed${query}`)).body).data.length;
    expect([await listed(''), await listed('&archived=true')]).toEqual([0, 1]);
    expect((await world.post(`/campaigns/${campaign.id}/restore`)).body).toMatchObject({ archived_at: null });
    const copied = await world.post(`/campaigns/${campaign.id}/duplicate`, {});
    expect(copied).toMatchObject({ status: 201, body: { name: 'Copy of Renamed', state: 'draft' } });
    const { id: copy } = z.looseObject({ id: z.string() }).parse(copied.body);
    expect((await remove(copy)).status).toBe(204);
    expect((await world.api.call('GET', `/api/v1/campaigns/${copy}`)).status).toBe(404);
    expect(readId('cmp', copy)).not.toBeNull();
  });
});

test('a flow that somebody published and stopped on its canvas goes live with its campaign', async () => {
  const { list, phones } = await world.people(1);
  const campaign = await world.create({ audience: of(list) });
  const path = `/flows/${campaign.flow_id}`;
  expect((await world.post(`${path}/publish`, undefined, { 'if-match': '*' })).status).toBe(200);
  expect((await world.post(`${path}/stop`)).status).toBe(200);
  await world.launch(campaign.id);
  await world.over(campaign.id);
  expect(world.got(phones)).toEqual([1]);
});

test('a campaign whose flow is stopped on its canvas is canceled', async () => {
  const { list, phones } = await world.people(3);
  const campaign = await world.create({ audience: of(list), pace: { kind: 'rate', people_per_hour: 60 } });
  await world.launch(campaign.id);
  await world.reaches(campaign.id, 'the first', ({ progress }) => progress.sent === 1);
  await world.post(`/flows/${campaign.flow_id}/stop`);
  world.pass(60_000);
  await world.reaches(campaign.id, 'the cancel', ({ state }) => state === 'canceled');
  expect(world.got(phones).reduce((sum, n) => sum + n, 0)).toBe(1);
});
