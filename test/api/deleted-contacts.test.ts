import { idPrefixes } from '@signalbox/engine/http/ids';
import { systemClock } from '@signalbox/engine/runtime/clock';
import { readId, showId } from '@signalbox/engine/runtime/ids';
import { queueMessages } from '@signalbox/engine/sending/queue';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { tenantTables } from '../security/tenant-tables.ts';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, until } from '../support/harness.ts';
import { senderOf } from '../support/senders.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

const day = 86_400_000;
let api: ApiHarness;
let owner: pg.Client;
let flowId: string;
/** How far the clock has been put forward. */
let ahead = 0;
beforeAll(async () => {
  api = await startApiHarness({ work: true, clock: { ...systemClock, now: () => new Date(Date.now() + ahead) } });
  const published = await api.publish('Conversation', conversationFlow({ keyword: 'JOIN' }));
  flowId = showId(idPrefixes.flow, published.flowId);
  owner = new pg.Client({ connectionString: api.ownerUrl });
  await owner.connect();
}, 60_000);
afterAll(async () => {
  await owner.end();
  await api.close();
});

const deletionSchema = z.object({
  deletion_id: z.string(),
  deleted: z.int(),
  left: z.int(),
  erased_at: z.iso.datetime(),
});
const deletedSchema = z.object({
  total: z.int(),
  data: z.array(z.looseObject({ id: z.string(), phone: z.string(), taken: z.boolean(), deletion_id: z.string() })),
});
const contactSchema = z.looseObject({ id: z.string() });

let made = 0;
const newPhone = () => `+1202556${String(1_000 + ++made)}`;
const add = async (fields: object = {}) => {
  const phone = newPhone();
  const answer = await api.call('POST', '/api/v1/contacts', { body: { phone, ...fields } });
  expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
  return { phone, id: contactSchema.parse(answer.body).id };
};
const ask = (path: string, body: object) => api.call('POST', `/api/v1${path}`, { body });
const remove = async (body: object) => deletionSchema.parse((await ask('/contacts/delete', body)).body);
const read = (id: string) => api.call('GET', `/api/v1/contacts/${id}`);
const totalOf = async (search: string) =>
  z
    .object({ total: z.int() })
    .parse((await api.call('GET', `/api/v1/contacts?search=${encodeURIComponent(search)}`)).body).total;
const deleted = async (search: string) =>
  deletedSchema.parse((await api.call('GET', `/api/v1/deleted-contacts?search=${encodeURIComponent(search)}`)).body);
const uuidOf = (id: string) => readId('con', id) ?? '';
const heard = (phone: string) =>
  until('the text to be heard', () =>
    api.inTx((tx) =>
      tx
        .selectFrom('messages')
        .select(['id', 'contact_id'])
        .where('number', '=', phone)
        .where('direction', '=', 'in')
        .where('handled_by', 'is not', null)
        .executeTakeFirst(),
    ),
  );
/** Where a text stands in the rows of this workspace, as table names. */
async function placesOf(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const { name } of await tenantTables(owner)) {
    const { rows } = await owner.query<{ row: string }>(
      `SELECT t::text AS row FROM ${pg.escapeIdentifier(name)} t WHERE workspace_id = $1`,
      [api.workspaceId],
    );
    if (rows.some(({ row }) => row.includes(text))) found.push(name);
  }
  return found;
}

describe('Deleting', () => {
  test('takes somebody out of every list, search and conversation, and they come back as they were', async () => {
    const fields = { first_name: 'Quenby', last_name: 'Lost', external_id: 'q-1', attributes: { plan: 'basic' } };
    const { id, phone } = await add(fields);
    const before = (await read(id)).body;
    const list = contactSchema.parse((await ask('/contact-lists', { name: 'Kept', kind: 'list' })).body).id;
    await ask(`/contact-lists/${list}/members`, { action: 'add', contact_ids: [id] });
    api.carrier.text(phone, businessNumber, 'Quizzical words');
    await heard(phone);
    const conversations = async () => JSON.stringify((await api.call('GET', '/api/v1/conversations')).body);
    expect(await conversations()).toContain('Quenby');

    const { deletion_id, deleted: count, left, erased_at } = await remove({ contact_ids: [id] });
    expect({ count, left }).toEqual({ count: 1, left: 0 });
    expect(Date.parse(erased_at) - Date.now()).toBeGreaterThan(29.9 * day);
    expect((await read(id)).status).toBe(404);
    expect(await totalOf('Quenby')).toBe(0);
    expect(await conversations()).not.toContain('Quenby');
    expect(JSON.stringify((await api.call('GET', '/api/v1/messages?text=Quizzical')).body)).not.toContain('Quizzical');
    const lists = JSON.stringify((await api.call('GET', '/api/v1/contact-lists')).body);
    expect(lists).toContain('"size":0');
    expect(await deleted('quenby lost')).toMatchObject({
      total: 1,
      data: [{ id, phone, first_name: 'Quenby', deletion_id, taken: false, deleted_by: { kind: 'bearer' } }],
    });
    expect((await deleted(phone.slice(-7))).total).toBe(1);
    // Nobody else is kept from their external id, and nothing is sent to who is gone.
    expect((await ask('/contacts/delete', { contact_ids: [id] })).body).toMatchObject({
      errors: [{ path: ['contact_ids', 0], code: 'contact_unknown' }],
    });
    const sent = await ask('/messages', { messages: [{ contact_id: id, text: 'Hello' }], purpose: 'transactional' });
    expect(sent.body).toMatchObject({ errors: [{ path: ['messages', 0, 'contact_id'], code: 'contact_unknown' }] });
    expect((await ask('/events', { type: 'ours.happened', contact_id: id })).status).not.toBe(202);

    expect((await ask('/deleted-contacts/restore', { deletion_id })).body).toEqual({ restored: 1, taken: 0, left: 0 });
    const after = (await read(id)).body;
    expect({ ...z.record(z.string(), z.unknown()).parse(after), updated_at: null, unhandled: null }).toEqual({
      ...z.record(z.string(), z.unknown()).parse(before),
      updated_at: null,
      unhandled: null,
    });
    expect(after).toMatchObject({ unhandled: true });
    expect(JSON.stringify((await api.call('GET', `/api/v1/contacts/${id}/lists`)).body)).toContain('Kept');
    expect((await deleted('quenby')).total).toBe(0);
    expect((await ask('/deleted-contacts/restore', { contact_ids: [id] })).body).toMatchObject({
      errors: [{ path: ['contact_ids', 0], code: 'deleted_unknown' }],
    });
  });

  test('ends what they are in, and cancels what waits for them', async () => {
    const { id, phone } = await add({ first_name: 'Inflow' });
    const enrolled = await ask(`/flows/${flowId}/enrollments`, { contact_ids: [id] });
    expect(enrolled.status).toBe(202);
    await until('them to be in the flow', () =>
      api.inTx((tx) =>
        tx.selectFrom('enrollments').select('id').where('contact_id', '=', uuidOf(id)).executeTakeFirst(),
      ),
    );
    const later = { send_at: new Date(Date.now() + day).toISOString() };
    const body = { messages: [{ to: phone, text: 'Tomorrow' }], purpose: 'transactional', ...later };
    expect((await ask('/messages', body)).status).toBe(202);
    await remove({ contact_ids: [id] });
    const rows = await api.inTx(async (tx) => ({
      inFlows: await tx.selectFrom('enrollments').select('id').where('contact_id', '=', uuidOf(id)).execute(),
      ended: await tx
        .selectFrom('enrollment_history')
        .select(['outcome', 'reason'])
        .where('contact_id', '=', uuidOf(id))
        .execute(),
      queued: await tx.selectFrom('message_queue').select('seq').where('number', '=', phone).execute(),
      states: await tx
        .selectFrom('messages')
        .select('state')
        .where('number', '=', phone)
        .where('body', '=', 'Tomorrow')
        .execute(),
    }));
    expect(rows).toMatchObject({
      inFlows: [],
      ended: [{ outcome: 'stopped', reason: { code: 'contact_deleted' } }],
      queued: [],
      states: [{ state: 'canceled' }],
    });
    // Whoever lets everybody in lets them in no more.
    await ask(`/flows/${flowId}/enrollments`, { contact_ids: [id] });
    await ask('/deleted-contacts/restore', { contact_ids: [id] });
    expect((await read(id)).status).toBe(200);
    expect(
      await api.inTx((tx) => tx.selectFrom('enrollments').select('id').where('contact_id', '=', uuidOf(id)).execute()),
    ).toEqual([]);
  });

  test('is about those who were seen, or about nobody, and goes on where there are many', async () => {
    const contacts = Array.from({ length: 2_050 }, () => ({ phone: newPhone(), first_name: 'Manyfold' }));
    for (let at = 0; at < contacts.length; at += 1_000)
      expect((await ask('/contacts/upsert', { contacts: contacts.slice(at, at + 1_000) })).status).toBe(200);
    const filter = { search: 'Manyfold' };
    const wrong = await ask('/contacts/delete', { filter, expected: 2_049 });
    expect(wrong).toMatchObject({ status: 409, body: { code: 'contacts_changed' } });
    expect(await totalOf('Manyfold')).toBe(2_050);
    const first = await remove({ filter, expected: 2_050 });
    expect(first).toMatchObject({ deleted: 2_000, left: 50 });
    const rest = await remove({ filter, deletion_id: first.deletion_id });
    expect(rest).toMatchObject({ deletion_id: first.deletion_id, deleted: 50, left: 0 });
    expect(await totalOf('Manyfold')).toBe(0);
    const { deletion_id } = first;
    const back = async () => (await ask('/deleted-contacts/restore', { deletion_id })).body;
    expect(await back()).toEqual({ restored: 2_000, taken: 0, left: 50 });
    expect(await back()).toEqual({ restored: 50, taken: 0, left: 0 });
    expect(await totalOf('Manyfold')).toBe(2_050);
    await api.inTx((tx) => tx.deleteFrom('contacts').where('first_name', '=', 'Manyfold').execute());
  });

  test.each([
    ['nobody', {}, ['contact_ids'], 'members_unnamed'],
    ['both', { contact_ids: ['con_01jd4w7h8zqv3m5k2n9x6r0t4c'], filter: {} }, ['contact_ids'], 'members_unnamed'],
    ['a deletion that can be none', { filter: {}, deletion_id: 'del_none' }, ['deletion_id'], 'deleted_unknown'],
  ])('refuses %s', async (_name, body, path, code) => {
    expect(await ask('/contacts/delete', body)).toMatchObject({ status: 422, body: { errors: [{ path, code }] } });
  });

  test('takes permission to write', async () => {
    for (const path of ['/contacts/delete', '/deleted-contacts/restore', '/deleted-contacts/erase']) {
      const answer = await api.call('POST', `/api/v1${path}`, { body: { contact_ids: [] }, token: api.read });
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });
});

describe('Somebody with a number that was deleted', () => {
  test('is somebody new, whoever they come from, and keeps the number', async () => {
    const { id, phone } = await add({ first_name: 'Former', external_id: 'former' });
    const consent = { people: [{ to: phone }], purpose: 'marketing', action: 'grant', method: 'paper' };
    expect((await ask('/consents', consent)).status).toBe(200);
    const { deletion_id } = await remove({ contact_ids: [id] });
    api.carrier.text(phone, businessNumber, 'It is me');
    const { contact_id: newId } = await heard(phone);
    expect(newId).not.toBe(uuidOf(id));
    expect((await deleted('Former')).data).toMatchObject([{ taken: true }]);
    expect((await ask('/deleted-contacts/restore', { deletion_id })).body).toEqual({ restored: 0, taken: 1, left: 0 });
    // What was agreed to was agreed to by somebody who is gone.
    const states = await api.inTx((tx) =>
      tx.selectFrom('consents').select('state').where('contact_id', '=', newId).execute(),
    );
    expect(states).toEqual([]);
    expect((await ask('/deleted-contacts/erase', { deletion_id })).body).toEqual({ erased: 1, left: 0 });
    // The number is theirs: what they wrote stays.
    expect(await placesOf('It is me')).toEqual(['messages']);
    expect(await placesOf(phone)).toEqual(expect.arrayContaining(['contacts', 'messages', 'numbers']));
  });
});

describe('Erasing', () => {
  test('leaves nothing that tells who it was, and the opt-out of their number goes on holding', async () => {
    const fields = { first_name: 'Zephyrine', email: 'zephyrine@example.com', attributes: { note: 'Likes quinces' } };
    const { id, phone } = await add(fields);
    const agreed = {
      purpose: 'marketing',
      action: 'grant',
      method: 'form',
      wording: 'Zephyrine agreed',
      source: 'zsource',
    };
    expect((await ask('/consents', { people: [{ to: phone }], ...agreed })).status).toBe(200);
    await ask('/events', { type: 'zeph.happened', contact_id: id, data: { word: 'zdatum' } });
    api.carrier.text(phone, businessNumber, 'Zigzag words');
    await heard(phone);
    api.carrier.text(phone, businessNumber, 'STOP');
    await until('the opt-out', async () => {
      const rows = await api.inTx((tx) =>
        tx.selectFrom('suppressions').select('id').where('number', '=', phone).execute(),
      );
      return rows.length > 0;
    });
    const secrets = [phone, phone.slice(1), 'Zephyrine', 'zephyrine@', 'quinces', 'Zigzag', 'zdatum', 'zsource'];
    const places = async () => {
      const found: Array<readonly [string, readonly string[]]> = [];
      for (const text of secrets) found.push([text, await placesOf(text)]);
      return found.filter(([, tables]) => tables.length > 0);
    };
    expect((await places()).length).toBeGreaterThan(6);
    const { deletion_id } = await remove({ contact_ids: [id] });
    expect((await ask('/deleted-contacts/erase', { deletion_id })).body).toEqual({ erased: 1, left: 0 });
    expect(await places()).toEqual([]);
    expect((await deleted('')).data.map((each) => each.id)).not.toContain(id);
    expect((await read(id)).status).toBe(404);
    // What happened stays, as times and codes.
    const ledger = await api.inTx((tx) =>
      tx
        .selectFrom('consent_ledger')
        .select(['action', 'wording'])
        .where('contact_id', '=', uuidOf(id))
        .orderBy('id')
        .execute(),
    );
    expect(ledger).toMatchObject([
      { action: 'granted', wording: null },
      { action: 'revoked', wording: null },
    ]);
    // Whoever adds the number again does not text it again.
    const again = await ask('/contacts', { phone });
    expect(again.body).toMatchObject({ suppressed: { reason: 'keyword_stop' } });
  });

  test('comes by itself after thirty days, and not before', async () => {
    const { id } = await add({ first_name: 'Thirtieth' });
    await remove({ contact_ids: [id] });
    const turn = async (days: number) => {
      ahead = days * day;
      try {
        await api.engine.maintenance.turn('erasures');
      } finally {
        ahead = 0;
      }
    };
    await turn(29.9);
    expect(await placesOf('Thirtieth')).toEqual(['deleted_contacts']);
    await turn(30.1);
    expect(await placesOf('Thirtieth')).toEqual([]);
  });

  test('is all that the application can do to ledgers', async () => {
    const rewrite = (set: object) =>
      api.inTx((tx) => tx.updateTable('consent_ledger').set(set).where('wording', 'is', null).execute());
    await expect(rewrite({ wording: 'They agreed' })).rejects.toThrow('can be emptied, and not written');
    await expect(rewrite({ action: 'granted' })).rejects.toThrow('permission denied');
    await expect(rewrite({ wording: null })).resolves.toBeDefined();
    await expect(api.inTx((tx) => tx.updateTable('events').set({ data: '{"a":1}' }).execute())).rejects.toThrow(
      'can be emptied',
    );
    await expect(
      api.inTx((tx) => tx.updateTable('enrollment_path').set({ reason: '{"code":"other"}' }).execute()),
    ).rejects.toThrow('can be emptied');
  });
});

test('a message that was queued for somebody who was just deleted is refused before it goes out', async () => {
  const { id, phone } = await add();
  await remove({ contact_ids: [id] });
  const messageId = api.engine.ids.uuid();
  const { workspaceId } = api;
  await api.inTx(async (tx) => {
    await queueMessages({ tx, workspaceId, now: new Date() }, { flowId: null }, [
      {
        id: messageId,
        contactId: uuidOf(id),
        number: phone,
        sender: await senderOf({ tx, workspaceId }, businessNumber),
        routeId: null,
        enrollmentId: null,
        hop: null,
        draft: { text: 'Too late', purpose: 'transactional', lane: 'transactional' },
        later: null,
        exemption: null,
      },
    ]);
  });
  api.engine.onQueued();
  const reason = await until('the gate to have refused it', async () => {
    const row = await api.inTx((tx) =>
      tx.selectFrom('messages').select(['state', 'reason']).where('id', '=', messageId).executeTakeFirst(),
    );
    return row?.state === 'refused' ? row.reason : null;
  });
  expect(reason).toMatchObject({ code: 'suppressed', values: { reason: 'deleted' } });
});

test('webhooks hear of it by the id', async () => {
  const types = ['contact.deleted', 'contact.restored'];
  await ask('/webhooks', { url: 'https://203.0.113.7/', types }).catch(() => null);
  await api.inTx((tx) =>
    tx
      .insertInto('webhook_endpoints')
      .values({
        workspace_id: api.workspaceId,
        id: api.engine.ids.uuid(),
        url: 'http://127.0.0.1:9/',
        types,
        secret: Buffer.from('none'),
        created_at: new Date(),
      })
      .execute(),
  );
  const { id } = await add({ first_name: 'Told' });
  const { deletion_id } = await remove({ contact_ids: [id] });
  await ask('/deleted-contacts/restore', { deletion_id });
  const told = await api.inTx((tx) =>
    tx.selectFrom('webhook_outbox').select('type').where('subject_id', '=', uuidOf(id)).orderBy('id').execute(),
  );
  const spread = await api.inTx((tx) =>
    tx.selectFrom('webhook_events').select('type').where('contact_id', '=', uuidOf(id)).orderBy('id').execute(),
  );
  expect([...told, ...spread].map(({ type }) => type).sort()).toEqual(types);
});
