import { readId } from '@signalbox/engine/runtime/ids';
import { laneRank } from '@signalbox/engine/sending/queue';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { until } from '../support/harness.ts';
import { openCampaigns } from './campaign-world.ts';

/** What a campaign does from its launch to its end: everybody gets it, and nobody twice. */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
let world: Awaited<ReturnType<typeof openCampaigns>>;
beforeAll(async () => {
  world = await openCampaigns();
});
afterAll(() => world.close());

const of = (list: string, ...exclude: object[]) => ({ include: [{ kind: 'list', list_id: list }], exclude });
/** A moment to come, as clocks an hour ahead of UTC show it. */
function wallTime(at: Date) {
  const [date = '', time = ''] = new Date(at.getTime() + hourMs).toISOString().split('T');
  return { date, time: time.slice(0, 5), zone: 'Etc/GMT-1' };
}
const fromNow = (ms: number): Date => new Date(world.now().getTime() + ms);
const wholeHour = (hours: number): Date => new Date((Math.floor(world.now().getTime() / hourMs) + hours) * hourMs);
const textOf = (text: string) => ({ text, purpose: 'transactional' });

describe('A campaign', () => {
  test('goes out to its audience less who is left out, and is over once everybody is through', async () => {
    const { list, phones, ids } = await world.people(5);
    const few = await world.people(0);
    await world.api.call('POST', `/api/v1/contact-lists/${few.list}/members`, {
      body: { action: 'add', contact_ids: ids.slice(0, 2) },
    });
    const campaign = await world.create({ audience: of(list, { kind: 'list', list_id: few.list }) });
    expect(campaign).toMatchObject({ state: 'draft', drawn_further: false });
    expect(await world.launch(campaign.id)).toMatchObject({ state: 'scheduled' });
    await world.reaches(campaign.id, 'everybody to have come in', ({ people }) => people.let_in === 3);
    await world.reaches(campaign.id, 'the messages to have gone out', ({ progress }) => progress.sent === 3);
    const over = await world.over(campaign.id);
    expect(over.people).toMatchObject({ expected: 3, let_in: 3, already_in_flow: 0, here: 0 });
    expect(world.got(phones)).toEqual([0, 0, 1, 1, 1]);
    const flow = await world.api.call('GET', `/api/v1/flows/${campaign.flow_id}`);
    expect(flow.body).toMatchObject({ state: 'stopped' });
  });

  test('goes in the lane of campaigns', async () => {
    const { list, phones, ids } = await world.people(2);
    await world.api.inTx((tx) =>
      tx
        .insertInto('consents')
        .values(
          ids.map((id) => ({
            workspace_id: world.api.workspaceId,
            contact_id: readId('con', id) ?? '',
            purpose: 'marketing',
            state: 'granted',
            since: new Date(),
          })),
        )
        .execute(),
    );
    const hold = await world.api.call('POST', '/api/v1/queue/holds', { body: { mode: 'pause', lane: 'campaign' } });
    expect(hold.status).toBe(201);
    const { id } = z.object({ id: z.string() }).parse(hold.body);
    const campaign = await world.create({
      audience: of(list),
      message: { text: 'The sale begins.', purpose: 'marketing' },
    });
    await world.launch(campaign.id);
    await world.reaches(campaign.id, 'everybody to have come in', ({ people }) => people.let_in === 2);
    // Whether it is a time at which people are texted or not: they are in the queue.
    const queued = await until('the messages to be queued', async () => {
      const rows = await world.api.inTx((tx) =>
        tx.selectFrom('message_queue').select('lane').where('number', 'in', phones).execute(),
      );
      return rows.length === 2 ? rows.map(({ lane }) => lane) : null;
    });
    expect(queued).toEqual([laneRank.campaign, laneRank.campaign]);
    expect(world.got(phones)).toEqual([0, 0]);
    await world.post(`/campaigns/${campaign.id}/cancel`);
    expect((await world.api.call('DELETE', `/api/v1/queue/holds/${id}`)).status).toBe(204);
  });

  test('for nobody is over at once, and for one person is one message', async () => {
    const nobody = await world.people(0);
    const one = await world.people(1);
    const empty = await world.create({ audience: of(nobody.list) });
    const single = await world.create({ audience: of(one.list) });
    await world.launch(empty.id);
    await world.launch(single.id);
    await world.reaches(single.id, 'the message', ({ progress }) => progress.sent === 1);
    await world.over(empty.id);
    expect(world.got(one.phones)).toEqual([1]);
  });

  test('at a moment waits for it, and can be changed until then', async () => {
    const { list, phones } = await world.people(2);
    const at = wholeHour(2);
    const campaign = await world.create({ audience: of(list), schedule: { kind: 'at', ...wallTime(fromNow(hourMs)) } });
    await world.launch(campaign.id);
    const moved = await world.patch(campaign.id, {
      schedule: { kind: 'at', ...wallTime(at) },
      message: textOf('Tomorrow.'),
    });
    expect(moved.body).toMatchObject({ next_at: at.toISOString(), state: 'scheduled' });
    world.passUntil(new Date(at.getTime() - minuteMs));
    expect((await world.read(campaign.id)).people.let_in).toBe(0);
    world.passUntil(at);
    await world.reaches(campaign.id, 'its moment', ({ progress }) => progress.sent === 2);
    expect(world.got(phones, 'Tomorrow.')).toEqual([1, 1]);
  });

  test('at a rate lets in no more than that, goes on faster where it is changed, and not while it is paused', async () => {
    const { list, phones } = await world.people(9);
    const campaign = await world.create({
      audience: of(list),
      pace: { kind: 'rate', people_per_hour: 60 },
    });
    await world.launch(campaign.id);
    await world.reaches(campaign.id, 'the first', ({ people }) => people.let_in === 1);
    world.pass(minuteMs);
    await world.reaches(campaign.id, 'the second', ({ people }) => people.let_in === 2);
    expect((await world.read(campaign.id)).people.let_in).toBe(2);
    expect((await world.post(`/campaigns/${campaign.id}/pause`)).body).toMatchObject({ state: 'paused' });
    world.pass(10 * minuteMs);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await world.read(campaign.id)).people.let_in).toBe(2);
    const resumed = await world.post(`/campaigns/${campaign.id}/resume`, {
      pace: { kind: 'rate', people_per_hour: 180 },
    });
    expect(resumed.body).toMatchObject({ state: 'running', pace: { people_per_hour: 180 } });
    await world.reaches(campaign.id, 'three more', ({ people }) => people.let_in === 5);
    await world.patch(campaign.id, { pace: null });
    await world.reaches(campaign.id, 'the rest', ({ people }) => people.let_in === 9);
    await world.reaches(campaign.id, 'the messages', ({ progress }) => progress.sent === 9);
    expect(world.got(phones)).toEqual(phones.map(() => 1));
  });

  test('that is edited, widened, paused and resumed under way sends nobody twice', async () => {
    const first = await world.people(4);
    const second = await world.people(3);
    const campaign = await world.create({
      audience: of(first.list),
      pace: { kind: 'rate', people_per_hour: 60 },
    });
    await world.launch(campaign.id);
    await world.reaches(campaign.id, 'the first', ({ progress }) => progress.sent === 1);
    const include = [...of(first.list).include, ...of(second.list).include];
    const edited = await world.patch(campaign.id, {
      audience: { include, exclude: [] },
      message: textOf('Last call.'),
    });
    expect(edited.status, JSON.stringify(edited.body)).toBe(200);
    await world.post(`/campaigns/${campaign.id}/pause`);
    await world.post(`/campaigns/${campaign.id}/resume`, { pace: null });
    await world.reaches(campaign.id, 'everybody', ({ progress }) => progress.sent === 7);
    await world.over(campaign.id);
    const all = [...first.phones, ...second.phones];
    expect(world.got(all)).toEqual(all.map(() => 1));
    expect(world.got(all, 'Last call.').reduce((sum, n) => sum + n, 0)).toBe(6);
    expect(await world.taken(campaign.id)).toHaveLength(7);
  });

  test('that is canceled says what went out, and sends nothing more', async () => {
    const { list, phones } = await world.people(4);
    const campaign = await world.create({ audience: of(list), pace: { kind: 'rate', people_per_hour: 60 } });
    await world.launch(campaign.id);
    await world.reaches(campaign.id, 'the first', ({ progress }) => progress.sent === 1);
    const canceled = await world.post(`/campaigns/${campaign.id}/cancel`);
    expect(canceled.body).toMatchObject({
      state: 'canceled',
      progress: { sent: 1 },
      people: { let_in: 1, expected: 4 },
    });
    world.pass(60 * minuteMs);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(world.got(phones).reduce((sum, n) => sum + n, 0)).toBe(1);
    expect((await world.post(`/campaigns/${campaign.id}/resume`, {})).status).toBe(409);
  });

  test('that grows lets in who comes to its audience later, once', async () => {
    const { list, ids } = await world.people(1);
    const later = await world.people(2);
    const end = fromNow(hourMs).toISOString();
    const campaign = await world.create({ audience: of(list), grows_until: end });
    await world.launch(campaign.id);
    await world.reaches(campaign.id, 'the first', ({ people }) => people.let_in === 1);
    await world.post(`/contact-lists/${list}/members`, { action: 'add', contact_ids: later.ids });
    await world.post(`/contact-lists/${list}/members`, { action: 'remove', contact_ids: ids });
    world.pass(6 * minuteMs);
    await world.reaches(campaign.id, 'the others', ({ people }) => people.let_in === 3);
    await world.post(`/contact-lists/${list}/members`, { action: 'add', contact_ids: ids });
    world.pass(60 * minuteMs);
    await world.over(campaign.id);
    expect(world.got(later.phones)).toEqual([1, 1]);
    expect((await world.read(campaign.id)).people.let_in).toBe(3);
  });

  test('again and again goes out to the same people each time, and to nobody twice of one', async () => {
    const { list, phones } = await world.people(2);
    const [first, second, fourth] = [wholeHour(1), wholeHour(2), wholeHour(4)];
    const campaign = await world.create({
      audience: of(list),
      schedule: {
        kind: 'recurring',
        cron: '0 * * * *',
        zone: 'Europe/Berlin',
        ends_at: new Date(fourth.getTime() + minuteMs).toISOString(),
        missed: 'skip',
      },
    });
    expect((await world.launch(campaign.id)).next_at).toBe(first.toISOString());
    world.passUntil(first);
    await world.reaches(campaign.id, 'the first time', ({ progress }) => progress.sent === 2);
    expect((await world.read(campaign.id)).next_at).toBe(second.toISOString());
    // Nobody was there for the second; the third is on time.
    world.pass(2 * hourMs);
    await world.reaches(campaign.id, 'the third time', ({ progress }) => progress.sent === 4);
    world.pass(hourMs);
    await world.reaches(campaign.id, 'the last time', ({ progress }) => progress.sent === 6);
    await world.over(campaign.id);
    expect(world.got(phones)).toEqual([3, 3]);
  });

  test('at local time comes to each person when it is that time there', async () => {
    const east = await world.people(1, { time_zone: 'Asia/Tokyo' });
    const west = await world.people(1, { time_zone: 'Pacific/Honolulu' });
    const include = [...of(east.list).include, ...of(west.list).include];
    // Two hours ahead where it is that time first: the clock is moved on by no more, at any hour of the day.
    const [date = '', time = ''] = new Date(world.now().getTime() + 16 * hourMs).toISOString().slice(0, 16).split('T');
    const utc = Date.parse(`${date}T${time}:00Z`);
    const campaign = await world.create({
      audience: { include, exclude: [] },
      schedule: { kind: 'local', date, time },
    });
    // People are let in once it is that time where it is so first.
    const { next_at } = await world.launch(campaign.id);
    expect(Date.parse(next_at ?? '')).toBe(utc - 14 * hourMs);
    world.passUntil(new Date(next_at ?? ''));
    const waits = await until('both to wait', async () => {
      const rows = await world.api.inTx((tx) =>
        tx.selectFrom('enrollments').select('due_at').where('due_at', 'is not', null).orderBy('due_at').execute(),
      );
      return rows.length === 2 ? rows.map(({ due_at }) => due_at?.toISOString() ?? '') : null;
    });
    expect(waits).toEqual([new Date(utc - 9 * hourMs).toISOString(), new Date(utc + 10 * hourMs).toISOString()]);
    await world.post(`/campaigns/${campaign.id}/cancel`);
  });

  test('that starts when somebody comes into a segment lets them in once, and nobody who is left out', async () => {
    const { ids, phones, list } = await world.people(3);
    const vip = await world.people(0);
    const segment = await world.post('/segments', {
      name: 'On the list of VIPs',
      condition: { field: 'contact.lists', op: 'includes', value: vip.list },
    });
    const { id: segmentId } = Object(segment.body);
    const out = await world.people(0);
    await world.post(`/contact-lists/${out.list}/members`, { action: 'add', contact_ids: ids.slice(2) });
    const campaign = await world.create({
      audience: { include: [], exclude: of(out.list).include },
      schedule: { kind: 'segment', segment_id: segmentId, ends_at: null },
    });
    await world.launch(campaign.id);
    await world.reaches(campaign.id, 'it to listen', ({ state }) => state === 'running');
    world.pass(1_000);
    await world.post(`/contact-lists/${vip.list}/members`, { action: 'add', contact_ids: ids });
    const advance = setInterval(() => world.pass(600), 100);
    await world.reaches(campaign.id, 'two of them', ({ progress }) => progress.sent === 2);
    await world.post(`/contact-lists/${vip.list}/members`, { action: 'remove', contact_ids: ids });
    await world.post(`/contact-lists/${vip.list}/members`, { action: 'add', contact_ids: ids });
    await new Promise((resolve) => setTimeout(resolve, 700));
    clearInterval(advance);
    expect(world.got(phones)).toEqual([1, 1, 0]);
    expect(list).not.toBe('');
    expect((await world.api.call('DELETE', `/api/v1/segments/${segmentId}`)).status).toBe(409);
    await world.post(`/campaigns/${campaign.id}/cancel`);
  });
});

test('what goes out again and again has a schedule in Temporal, which begins nothing twice and goes with it', async () => {
  const { list, phones } = await world.people(1);
  const schedule = { kind: 'recurring', cron: '0 * * * *', zone: 'Europe/Berlin', ends_at: null, missed: 'skip' };
  const campaign = await world.create({ audience: of(list), schedule });
  const { client, names } = world.api.engine;
  const handle = client.schedule.getHandle(names.campaignId(readId('cmp', campaign.id) ?? ''));
  const described = () => handle.describe().catch(() => null);
  expect(await described()).toBeNull();
  await world.launch(campaign.id);
  const made = await until('the schedule', described);
  expect(made.spec).toMatchObject({ timezone: 'Europe/Berlin' });
  world.passUntil(wholeHour(1));
  await world.reaches(campaign.id, 'the first time', ({ progress }) => progress.sent === 1);
  const { occurrences } = await world.read(campaign.id);
  await handle.trigger();
  await until('its workflow', async () => ((await handle.describe()).info.recentActions.length > 0 ? true : null));
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await world.read(campaign.id)).occurrences).toHaveLength(occurrences.length);
  expect(world.got(phones)).toEqual([1]);
  await world.post(`/campaigns/${campaign.id}/cancel`);
  await until('the schedule to be gone', async () => ((await described()) === null ? true : null));
});
