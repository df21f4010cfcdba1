import { createHash, randomBytes } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { createSecretBox } from '@signalbox/engine/accounts/secret-box';
import { mostFileBytes } from '@signalbox/engine/media/fetch-file';
import { makeFileToken } from '@signalbox/engine/media/file-links';
import { newFileKey } from '@signalbox/engine/media/file-store';
import { removeFiles } from '@signalbox/engine/media/remove-files';
import { systemClock } from '@signalbox/engine/runtime/clock';
import { readId } from '@signalbox/engine/runtime/ids';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from '../api/client.ts';
import { captureLog } from '../providers/captured-log.ts';
import { businessNumber, phone, until } from '../support/harness.ts';
import { secretsKey } from '../support/secrets-key.ts';

const mediaSchema = z.looseObject({
  id: z.string(),
  state: z.string(),
  type: z.string(),
  bytes: z.int().nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  sha256: z.string().nullable(),
  url: z.string().nullable(),
  reason: z.looseObject({ code: z.string() }).nullable(),
});
const messagesSchema = z.object({
  data: z.array(
    z.looseObject({
      id: z.string(),
      contact_id: z.string(),
      text: z.string(),
      state: z.string(),
      reason: z.looseObject({ code: z.string() }).nullable(),
      media: z.array(mediaSchema.omit({ sha256: true }).extend({ id: z.string().nullable() })),
    }),
  ),
});

/** The smallest GIF that says its size. */
const gif = Buffer.from('GIF89a\x02\x00\x03\x00\x00\x00\x00;', 'latin1');

let api: ApiHarness;
/** How far the clock has been put forward. */
let ahead = 0;
const logged = captureLog();
beforeAll(async () => {
  api = await startApiHarness({
    log: logged.logger,
    work: true,
    clock: { ...systemClock, now: () => new Date(Date.now() + ahead) },
  });
});
afterAll(() => api.close());

async function upload(bytes: Uint8Array, type = 'image/gif', headers: Record<string, string> = {}) {
  const response = await fetch(`${api.url}/api/v1/media`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.full}`, 'content-type': type, ...headers },
    body: new Uint8Array(bytes),
  });
  const body: unknown = await response.json();
  return { status: response.status, body };
}

async function content(id: string, token = api.full): Promise<{ status: number; bytes: Buffer; headers: Headers }> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${api.url}/api/v1/media/${id}/content`, { headers });
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers };
}

/** Takes away what there is to take away so many hours from now; tokens live an hour. */
async function removeIn(hours: number): Promise<void> {
  ahead = hours * 3_600_000;
  try {
    await api.engine.maintenance.turn('media-removals');
  } finally {
    ahead = 0;
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The latest text of a person, once its one file is in this state. */
async function fileOf(person: string, state: string) {
  return until(`a file of ${person} to be ${state}`, async () => {
    const found = await api.call('GET', `/api/v1/messages?number=${encodeURIComponent(person)}`);
    const [message] = messagesSchema.parse(found.body).data;
    const [file] = message?.media ?? [];
    return message !== undefined && file?.state === state ? { message, file } : null;
  });
}

/** Somebody's server, which may not be asked, and how often it was. */
async function elsewhere(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

test('a picture that somebody sends is stored, and shown by the API as they sent it', async () => {
  const person = phone(1);
  api.carrier.text(person, businessNumber, 'Look', ['sunset']);
  const { message, file } = await fileOf(person, 'stored');
  expect(message.text).toBe('Look');
  expect(file).toMatchObject({ type: 'image/png', width: 160, height: 120, reason: null });
  expect(file.url).toBe(`/api/v1/media/${file.id}/content`);
  const got = await content(file.id ?? '', api.read);
  expect(got.status).toBe(200);
  expect(got.headers.get('content-type')).toBe('image/png');
  expect(got.headers.get('x-content-type-options')).toBe('nosniff');
  expect(got.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  expect(got.headers.get('content-disposition')).toMatch(/^inline; filename="[0-9a-f-]+\.png"$/);
  const sent = api.carrier.ledger.ofPhone(person)[0]?.media[0]?.sha256;
  expect(sha256(got.bytes)).toBe(sent);
  const known = await api.call('GET', `/api/v1/media/${file.id}`);
  expect(mediaSchema.parse(known.body)).toMatchObject({ sha256: sent, direction: 'in' });
  // Nothing of where it was stays.
  const rows = await api.inTx((tx) => tx.selectFrom('media').select('source').execute());
  expect(rows.every(({ source }) => source === null)).toBe(true);
});

test('a picture that is uploaded goes out as it is', async () => {
  const made = await upload(gif);
  expect(made.status).toBe(200);
  const picture = mediaSchema.parse(made.body);
  expect(picture).toMatchObject({ type: 'image/gif', width: 2, height: 3, bytes: gif.length, sha256: sha256(gif) });
  const person = phone(2);
  const sent = await api.call('POST', '/api/v1/messages', {
    body: { messages: [{ to: person, text: 'For you', media: [picture.id] }], purpose: 'transactional' },
  });
  expect(sent.status).toBe(202);
  // Some providers go by how an address ends.
  const taken = await until('the carrier to have fetched it', () =>
    api.carrier.ledger.ofPhone(person).find((message) => message.media[0]?.sha256 != null),
  );
  expect(taken).toMatchObject({
    body: 'For you',
    media: [{ url: expect.stringMatching(/\/m\/[\w-]+\.gif$/), sha256: sha256(gif), type: 'image/gif' }],
  });
  const { file } = await fileOf(person, 'stored');
  expect(file.id).toBe(picture.id);
});

test.each([
  ['a page', '<!doctype html><script>1</script>', 'image/png', 'media_type', 415],
  ['a drawing', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml', 'media_type', 415],
  ['nothing', '', 'image/png', 'media_type', 415],
  ['a document', '%PDF-1.7', 'image/png', 'media_type', 415],
  ['what says that it is no picture', 'GIF89a', 'text/html', 'content_type', 415],
  ['what says that it is JSON', '{}', 'application/json', 'content_type', 415],
])('%s is not taken', async (_name, text, type, code, status) => {
  expect(await upload(Buffer.from(text), type)).toMatchObject({ status, body: { code } });
});

test('what is too large is not taken', async () => {
  const large = Buffer.concat([gif, Buffer.alloc(mostFileBytes)]);
  expect(await upload(large)).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
});

test('an upload that is repeated under its key is one picture, and the file of the repeat goes', async () => {
  const key = { 'idempotency-key': 'upload-once' };
  const first = mediaSchema.parse((await upload(gif, 'image/gif', key)).body);
  expect(mediaSchema.parse((await upload(gif, 'image/gif', key)).body)).toEqual(first);
  const left = () => api.inTx((tx) => tx.selectFrom('media_removals').select('storage_key').execute());
  const waiting = await left();
  expect(waiting.length).toBeGreaterThan(0);
  await removeIn(2);
  expect(await left()).toEqual([]);
  for (const { storage_key: file } of waiting) expect(await api.engine.files.open(file)).toBeNull();
  expect((await content(first.id)).bytes.equals(gif)).toBe(true);
});

test('a picture that is none of the workspace’s is refused by its place, and nothing is sent', async () => {
  const nobodys = 'med_01jd4w7h8zqv3m5k2n9x6r0t4c';
  const sent = await api.call('POST', '/api/v1/messages', {
    body: { messages: [{ to: phone(3), text: 'Hello', media: [nobodys] }], purpose: 'transactional' },
  });
  expect(sent).toMatchObject({
    status: 422,
    body: { code: 'validation_failed', errors: [{ path: ['messages', 0, 'media', 0], code: 'media_unknown' }] },
  });
  expect(await api.call('GET', `/api/v1/media/${nobodys}`)).toMatchObject({ status: 404 });
  expect(await content(nobodys)).toMatchObject({ status: 404 });
});

test('another workspace sees neither a picture nor what is known of it', async () => {
  const { id } = mediaSchema.parse((await upload(gif)).body);
  const uuid = readId('med', id) ?? '';
  const stranger = await api.inTx((tx) =>
    tx.selectFrom('media').select('workspace_id').where('id', '=', uuid).execute(),
  );
  expect(stranger).toHaveLength(1);
  // A token of one's own that names somebody else's picture leads nowhere either.
  const box = createSecretBox(secretsKey);
  const forged = makeFileToken(box, { workspaceId: '00000000-0000-7000-8000-00000000ffff', mediaId: uuid }, new Date());
  expect((await fetch(`${api.url}/m/${forged}`)).status).toBe(404);
});

test('an address for a provider works for a day, and is nowhere else', async () => {
  logged.lines.length = 0;
  const { id } = mediaSchema.parse((await upload(gif)).body);
  const linked = { workspaceId: api.workspaceId, mediaId: readId('med', id) ?? '' };
  const box = createSecretBox(secretsKey);
  const open = await fetch(`${api.url}/m/${makeFileToken(box, linked, new Date())}`);
  expect(open.status).toBe(200);
  expect(open.headers.get('x-content-type-options')).toBe('nosniff');
  expect(open.headers.get('content-security-policy')).toContain('sandbox');
  // Plivo takes no file that does not say how large it is.
  expect(open.headers.get('content-length')).toBe(String(gif.length));
  expect(Buffer.from(await open.arrayBuffer()).equals(gif)).toBe(true);
  const named = await fetch(`${api.url}/m/${makeFileToken(box, linked, new Date())}.gif`);
  expect([named.status, Buffer.from(await named.arrayBuffer()).equals(gif)]).toEqual([200, true]);
  const expired = makeFileToken(box, linked, new Date(Date.now() - 25 * 3_600_000));
  for (const token of [expired, `${expired.slice(0, -2)}AA`, 'nothing'])
    expect((await fetch(`${api.url}/m/${token}`)).status).toBe(404);
  // Whoever reads the log has none of them.
  const paths = logged.lines.flatMap(({ msg, path }) => (msg === 'request' ? [String(path)] : []));
  expect(paths.filter((path) => path.startsWith('/m/'))).toEqual(Array.from({ length: 5 }, () => '/m/:token'));
  expect(JSON.stringify(logged.lines)).not.toContain(expired.slice(0, 60));
});

test('a picture that leads to a machine of ours is not asked for, and the message says why', async () => {
  let asked = 0;
  const secret = await elsewhere((_request, response) => {
    asked += 1;
    response.end(gif);
  });
  const person = phone(5);
  api.carrier.text(person, businessNumber, 'Click', [{ url: `${secret}/admin`, sha256: null, type: 'image/gif' }]);
  const { file } = await fileOf(person, 'lost');
  expect(file).toMatchObject({ url: null, reason: { code: 'media_address_refused' } });
  expect(asked).toBe(0);
});

test('what is no picture is not kept, whatever the provider calls it', async () => {
  const page = api.carrier.keep(Buffer.from('<!doctype html><script>1</script>'), 'image/png');
  const person = phone(6);
  api.carrier.text(person, businessNumber, 'Look', [page]);
  const { file } = await fileOf(person, 'refused');
  expect(file).toMatchObject({ url: null, reason: { code: 'media_type_refused' } });
  expect(await content(file.id ?? '')).toMatchObject({ status: 404 });
});

test('a picture that the provider does not have yet is fetched again, and one that is lost when somebody asks', async () => {
  const late = Buffer.concat([gif, Buffer.from('late')]);
  const place = api.carrier.placeOf(sha256(late));
  const person = phone(7);
  api.carrier.text(person, businessNumber, 'Soon', [{ url: place, sha256: null, type: 'image/gif' }]);
  const { file } = await fileOf(person, 'waiting');
  const id = file.id ?? '';
  const asOf = (set: { attempts?: number; next_at: Date }) =>
    api.inTx((tx) =>
      tx
        .updateTable('media')
        .set(set)
        .where('id', '=', readId('med', id) ?? '')
        .execute(),
    );
  await until('it to be asked for', async () => {
    const known = mediaSchema.parse((await api.call('GET', `/api/v1/media/${id}`)).body);
    return known.reason?.code === 'media_gone';
  });
  await asOf({ attempts: 99, next_at: new Date(0) });
  await fileOf(person, 'lost');
  expect(await api.call('POST', `/api/v1/media/${id}/fetch`, { token: api.read })).toMatchObject({ status: 403 });
  api.carrier.keep(late, 'image/gif');
  expect(await api.call('POST', `/api/v1/media/${id}/fetch`)).toMatchObject({
    status: 200,
    body: { state: 'waiting' },
  });
  await fileOf(person, 'stored');
  expect(await api.call('POST', `/api/v1/media/${id}/fetch`)).toMatchObject({
    status: 409,
    body: { code: 'media_not_lost' },
  });
});

test('a picture that we cannot ask for is lost in the end as well, and says so', async () => {
  const place = api.carrier.placeOf(sha256(Buffer.from('never there')));
  const person = phone(10);
  api.carrier.text(person, businessNumber, 'Soon', [{ url: place, sha256: null, type: 'image/gif' }]);
  const { file } = await fileOf(person, 'waiting');
  const row = readId('med', file.id ?? '') ?? '';
  // No key opens this.
  const broken = { source: Buffer.alloc(60), attempts: 99, next_at: new Date(0) };
  await api.inTx((tx) => tx.updateTable('media').set(broken).where('id', '=', row).execute());
  const { file: lost } = await fileOf(person, 'lost');
  expect(lost.reason).toMatchObject({ code: 'media_unreachable' });
});

test('what came with a text goes with the text: row, file and all', async () => {
  const person = phone(8);
  api.carrier.text(person, businessNumber, 'Forget me', ['meadow']);
  const { file, message } = await fileOf(person, 'stored');
  const uuid = readId('med', file.id ?? '') ?? '';
  const row = await api.inTx((tx) =>
    tx.selectFrom('media').select('storage_key').where('id', '=', uuid).executeTakeFirstOrThrow(),
  );
  await api.inTx((tx) =>
    tx
      .updateTable('messages')
      .set({ body: null })
      .where('id', '=', readId('msg', message.id) ?? '')
      .execute(),
  );
  expect(await content(file.id ?? '')).toMatchObject({ status: 404 });
  await fileOf(person, 'erased');
  await removeIn(0);
  expect(await api.engine.files.open(row.storage_key)).not.toBeNull();
  await removeIn(1);
  expect(await api.engine.files.open(row.storage_key)).toBeNull();
});

test('a file that cannot be taken away keeps no other one, and is tried again', async () => {
  const keys = [newFileKey(api.workspaceId, randomBytes), newFileKey(api.workspaceId, randomBytes)];
  const [stuck = '', other = ''] = keys;
  const left = async () => {
    const rows = await api.inTx((tx) =>
      tx.selectFrom('media_removals').select('storage_key').where('storage_key', 'in', keys).execute(),
    );
    return rows.map((row) => row.storage_key);
  };
  const put = (storage_key: string, due_at: Date) =>
    api.inTx((tx) =>
      tx.insertInto('media_removals').values({ workspace_id: api.workspaceId, storage_key, due_at }).execute(),
    );
  await put(stuck, new Date(1));
  await put(other, new Date(2));
  const { db, clock, files } = api.engine;
  let refuses = true;
  const store = {
    ...files,
    delete: async (key: string) => {
      if (refuses && key === stuck) throw new Error('The disk refuses.');
      await files.delete(key);
    },
  };
  await expect(removeFiles({ db, clock, files: store }, api.workspaceId)).rejects.toThrow('could not be taken out');
  expect(await left()).toEqual([stuck]);
  refuses = false;
  ahead = 3_600_000;
  await removeFiles({ db, clock, files: store }, api.workspaceId);
  ahead = 0;
  expect(await left()).toEqual([]);
});

test('a picture does not go out from a sender whose provider sends none, and the answer says so', async () => {
  const { id } = mediaSchema.parse((await upload(gif)).body);
  await api.inTx((tx) => tx.updateTable('accounts').set({ provider: 'sms-broadcast' }).execute());
  try {
    const sent = await api.call('POST', '/api/v1/messages', {
      body: { messages: [{ to: phone(9), text: 'Hello', media: [id] }], purpose: 'transactional' },
    });
    expect(sent).toMatchObject({
      status: 202,
      body: { data: [{ state: 'refused', reason: { code: 'media_not_supported' } }] },
    });
    const asked = await api.call('POST', '/api/v1/messages/preview', {
      body: { to: phone(9), text: 'Hello', media: [id], purpose: 'transactional' },
    });
    const rules = z
      .object({ rules: z.array(z.looseObject({ rule: z.string(), verdict: z.string() })) })
      .parse(asked.body).rules;
    expect(rules.find(({ rule }) => rule === 'media')).toMatchObject({ verdict: 'refuse' });
  } finally {
    await api.inTx((tx) => tx.updateTable('accounts').set({ provider: 'twilio' }).execute());
  }
});
