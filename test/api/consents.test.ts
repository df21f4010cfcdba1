import { expireOptIns } from '@signalbox/engine/consent/double-opt-in';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { conversationFlow, twoTextsFlow } from '../support/flows.ts';
import { businessNumber, until } from '../support/harness.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ api: 'plain', work: true });
  await api.publish('Conversation', conversationFlow({ keyword: 'JOIN' }));
}, 60_000);
afterAll(() => api.close());

const programmeSchema = z.object({
  id: z.string(),
  revision: z.number(),
  versions: z.array(z.object({ version: z.number(), disclosure: z.string(), hash: z.string() })),
});
const question = 'Shop: Reply YES to get weekly offers. Reply STOP to opt out.';
const words = { disclosure: 'Weekly offers by text. Reply STOP to opt out.', question };
const programme = async (more: object = {}) => {
  const body = { name: 'Weekly offers', brand: 'Shop', purpose: 'marketing', ...words, ...more };
  return programmeSchema.parse((await api.call('POST', '/api/v1/consent/programmes', { body })).body);
};
const outcomesSchema = z.object({
  data: z.array(
    z.object({ contact_id: z.string(), outcome: z.string(), reason: z.object({ code: z.string() }).nullable() }),
  ),
});
const record = async (body: object) =>
  outcomesSchema.parse((await api.call('POST', '/api/v1/consents', { body })).body).data;
const ask = async (number: string, programmeId: string) =>
  (
    await record({
      people: [{ to: number }],
      action: 'request',
      programme_id: programmeId,
      method: 'form',
      source: 'Till',
    })
  )[0];
const contactSchema = z.object({
  data: z.array(z.object({ id: z.string(), consent: z.record(z.string(), z.string()) })),
});
const personOf = async (number: string) => {
  const { data } = contactSchema.parse((await api.call('GET', `/api/v1/contacts?search=${number.slice(1)}`)).body);
  return { id: data[0]?.id ?? '', state: data[0]?.consent['marketing'] };
};
const historySchema = z.object({
  data: z.array(
    z.looseObject({
      action: z.string(),
      method: z.string(),
      programme: z.object({ version: z.number(), disclosure: z.string(), hash: z.string() }).nullable(),
      source: z.string().nullable(),
      source_text: z.string().nullable(),
    }),
  ),
});
const historyOf = async (number: string) => {
  const { id } = await personOf(number);
  return historySchema.parse((await api.call('GET', `/api/v1/contacts/${id}/consent`)).body).data;
};
const got = (number: string) => api.carrier.ledger.messages.filter(({ to }) => to === number).map(({ body }) => body);
const lastHandled = async (number: string, body: string) => {
  const rows = () =>
    api.inTx((tx) =>
      tx
        .selectFrom('messages')
        .select('handled_by')
        .where('number', '=', number)
        .where('direction', '=', 'in')
        .where('handled_by', 'is not', null)
        .orderBy('id')
        .execute(),
    );
  const before = (await rows()).length;
  api.carrier.text(number, businessNumber, body);
  await until('the text to be handled', async () => (await rows()).length > before);
  return (await rows()).at(-1)?.handled_by;
};

/** Lets the time pass in which a question can be answered. */
const lapse = async (number: string) => {
  const { contact_id } = await api.inTx((tx) =>
    tx
      .selectFrom('consents')
      .innerJoin('contacts', 'contacts.id', 'consents.contact_id')
      .select(['contact_id', 'expires_at'])
      .where('phone', '=', number)
      .where('expires_at', '>', new Date(Date.now() + 71 * 3_600_000))
      .executeTakeFirstOrThrow(),
  );
  await api.inTx((tx) =>
    tx.updateTable('consents').set({ expires_at: new Date() }).where('contact_id', '=', contact_id).execute(),
  );
};
const sweep = () => api.inTx((tx) => expireOptIns(api.engine, { tx, workspaceId: api.workspaceId, now: new Date() }));

const passages = async (number: string) =>
  (
    await api.inTx((tx) =>
      tx
        .selectFrom('enrollments')
        .innerJoin('contacts', 'contacts.id', 'enrollments.contact_id')
        .innerJoin('flows', 'flows.id', 'enrollments.flow_id')
        .select(['flows.name', 'due_at'])
        .where('phone', '=', number)
        .execute(),
    )
  ).map(({ name, due_at }) => ({ name, waits: due_at !== null }));

/** Why each passage that somebody took out of a flow ended, by flow. */
const endOf = async (number: string) => {
  const rows = await api.inTx((tx) =>
    tx
      .selectFrom('enrollment_history as h')
      .innerJoin('contacts', 'contacts.id', 'h.contact_id')
      .innerJoin('flows', 'flows.id', 'h.flow_id')
      .select(['flows.name', 'h.reason'])
      .where('phone', '=', number)
      .where('h.outcome', '=', 'stopped')
      .execute(),
  );
  return Object.fromEntries(rows.map(({ name, reason }) => [name, reason]));
};

test('a programme’s words change by versions that never change', async () => {
  const { id, versions } = await programme();
  expect(versions).toMatchObject([{ version: 1, disclosure: words.disclosure }]);
  const path = `/api/v1/consent/programmes/${id}`;
  const second = { disclosure: 'Offers, up to 4 a month.', question: null };
  const stale = await api.call('POST', `${path}/versions`, { body: second, headers: { 'if-match': '"9"' } });
  expect(stale.status).toBe(412);
  const added = await api.call('POST', `${path}/versions`, { body: second, headers: { 'if-match': '"1"' } });
  const now = programmeSchema.parse(added.body).versions;
  expect(now.map(({ version }) => version)).toEqual([2, 1]);
  expect(now[1]).toEqual(versions[0]);
  expect(now[0]?.hash).not.toBe(now[1]?.hash);
  await expect(
    api.inTx((tx) => tx.updateTable('consent_versions').set({ disclosure: 'Other words' }).execute()),
  ).rejects.toThrow('permission denied');
  const renamed = await api.call('PATCH', path, {
    body: { name: 'Offers', archived: true },
    headers: { 'if-match': '*' },
  });
  expect(renamed.body).toMatchObject({ name: 'Offers', archived: true });
  const refused = await api.call('POST', '/api/v1/consents', {
    body: { people: [{ to: '+12025556000' }], action: 'grant', programme_id: id },
  });
  expect([refused.status, refused.body]).toMatchObject([422, { errors: [{ code: 'programme_archived' }] }]);
});

test('a grant names the version that was shown and what proves it; it opens no number that is suppressed', async () => {
  const number = '+12025556001';
  const { id, versions } = await programme();
  await api.call('POST', '/api/v1/suppressions', { body: { numbers: [number] } });
  const proof = {
    method: 'paper',
    source: 'Stand at the fair',
    ip: '203.0.113.9',
    given_at: '2026-11-01T10:00:00+01:00',
  };
  expect(await record({ people: [{ to: number }], action: 'grant', programme_id: id, ...proof })).toMatchObject([
    { outcome: 'recorded' },
  ]);
  expect((await historyOf(number))[0]).toMatchObject({
    action: 'granted',
    method: 'paper',
    source: 'Stand at the fair',
    ip: '203.0.113.9',
    given_at: '2026-11-01T09:00:00.000Z',
    programme: { version: 1, disclosure: words.disclosure, hash: versions[0]?.hash },
    recorded_by: { kind: 'bearer' },
  });
  const sent = await api.call('POST', '/api/v1/messages', {
    body: { messages: [{ to: number, text: 'Sale' }], purpose: 'marketing' },
  });
  expect(sent.body).toMatchObject({ data: [{ state: 'refused', reason: { code: 'suppressed' } }] });
});

test('somebody who is asked has consented once they answer YES, and is asked once', async () => {
  const number = '+12025556002';
  const { id } = await programme();
  expect(await ask(number, id)).toMatchObject({ outcome: 'asked' });
  expect((await personOf(number)).state).toBe('pending');
  expect(await ask(number, id)).toMatchObject({ outcome: 'unchanged' });
  await until('the question', () => got(number).length > 0);
  expect(got(number)).toEqual([question]);
  const marketing = { messages: [{ to: number, text: 'Sale' }], purpose: 'marketing' };
  expect((await api.call('POST', '/api/v1/messages', { body: marketing })).body).toMatchObject({
    data: [{ state: 'refused', reason: { code: 'no_consent' } }],
  });
  expect(await lastHandled(number, 'Yes!')).toBe('compliance');
  expect((await personOf(number)).state).toBe('granted');
  const history = await historyOf(number);
  expect(history.map(({ action }) => action)).toEqual(['confirmed', 'requested']);
  expect(history[0]).toMatchObject({ method: 'double_opt_in', source_text: 'Yes!', programme: { version: 1 } });
  expect(history[1]).toMatchObject({ method: 'form', source: 'Till', source_text: question });
  await until('the answer', () => got(number).length > 1);
  expect(got(number)[1]).toContain('You are subscribed to Weekly offers');
  expect(await ask(number, id)).toMatchObject({ outcome: 'unchanged' });
});

test('a yes means nothing where nobody was asked, and a STOP ends the question', async () => {
  const number = '+12025556003';
  const { id } = await programme();
  await ask(number, id);
  await lastHandled(number, 'stop');
  expect((await personOf(number)).state).toBe('revoked');
  expect(await ask(number, id)).toMatchObject({ outcome: 'refused', reason: { code: 'suppressed' } });
  expect(await lastHandled('+12025556004', 'YES')).toBe('unhandled');
});

test('a yes to the question of a flow that came after it is the flow’s', async () => {
  const number = '+12025556005';
  const { id } = await programme();
  await ask(number, id);
  await until('the question', () => got(number).length > 0);
  await lastHandled(number, 'JOIN');
  await until('the question of the flow', () => got(number).length > 1);
  await until('the wait', async () => {
    const rows = await api.inTx((tx) =>
      tx
        .selectFrom('enrollments')
        .innerJoin('contacts', 'contacts.id', 'enrollments.contact_id')
        .select('waiting_event')
        .where('phone', '=', number)
        .execute(),
    );
    return rows[0]?.waiting_event === 'message.received';
  });
  expect(await lastHandled(number, 'yes')).toBe('reply');
});

test('a question that nobody answers expires, and whoever signs up again and again is not asked for ever', async () => {
  const number = '+12025556006';
  const { id } = await programme();
  const expire = async () => {
    await sweep();
    return (await personOf(number)).state;
  };
  await ask(number, id);
  expect(await expire()).toBe('pending');
  await lapse(number);
  // Too late, whether somebody has written it down yet or not.
  expect(await lastHandled(number, 'YES')).toBe('unhandled');
  expect(await expire()).toBe('none');
  expect((await historyOf(number)).map(({ action }) => action)).toEqual(['expired', 'requested']);
  expect(await ask(number, id)).toMatchObject({ outcome: 'asked' });
  await lapse(number);
  await expire();
  expect(await ask(number, id)).toMatchObject({ outcome: 'refused', reason: { code: 'asked_too_often' } });
});

test('a yes in the language of the number confirms what was asked, and takes back no STOP', async () => {
  const [german, other] = ['+4915120000001', '+12025556009'];
  const { id } = await programme();
  for (const number of [german, other]) expect(await ask(number, id)).toMatchObject({ outcome: 'asked' });
  expect(await lastHandled(german, 'Ja!')).toBe('compliance');
  expect((await personOf(german)).state).toBe('granted');
  expect(await lastHandled(other, 'Ja!')).toBe('unhandled');
  expect((await personOf(other)).state).toBe('pending');
  expect(await lastHandled(german, 'abmelden')).toBe('compliance');
  expect(await lastHandled(german, 'ja')).toBe('unhandled');
  expect((await personOf(german)).state).toBe('revoked');
});

test('words hold by the country of the number and the language of the workspace', async () => {
  const [mexican, german] = ['+525512345678', '+4915120000002'];
  expect(await lastHandled(german, 'baja')).toBe('unhandled');
  expect(await lastHandled(mexican, 'baja')).toBe('compliance');
  await api.inTx((tx) => tx.updateTable('workspaces').set({ language: 'es-MX' }).execute());
  expect(await lastHandled(german, 'baja')).toBe('compliance');
  await api.inTx((tx) => tx.updateTable('workspaces').set({ language: 'en' }).execute());
});

test('what was taken back stays so where the question expires', async () => {
  const number = '+12025556007';
  const { id } = await programme();
  await record({ people: [{ to: number }], action: 'revoke', purpose: 'marketing' });
  await ask(number, id);
  await lapse(number);
  await sweep();
  expect((await personOf(number)).state).toBe('revoked');
});

test('consent that is taken back ends the passages that it covers, and they say why', async () => {
  const number = '+12025556008';
  for (const [word, first, second] of [
    ['SERIES', 'marketing', 'marketing'],
    ['ORDER', 'transactional', 'transactional'],
    ['THEN', 'marketing', 'transactional'],
    ['LATER', 'transactional', 'marketing'],
  ] as const) {
    await api.publish(word, twoTextsFlow(word, { first, second }));
    expect(await lastHandled(number, word)).toBe('keyword');
    await until('the wait', async () => (await passages(number)).find(({ name }) => name === word)?.waits === true);
  }
  await record({ people: [{ to: number }], action: 'revoke', purpose: 'marketing', method: 'voice' });
  const taken = (purpose: string) => ({ code: 'consent_taken_back', values: { purpose, method: 'voice' } });
  // What was sent already does not count: in LATER only offers can still come, in THEN none.
  expect((await passages(number)).map(({ name }) => name).sort()).toEqual(['ORDER', 'THEN']);
  expect(await endOf(number)).toEqual({ LATER: taken('marketing'), SERIES: taken('marketing') });
  const { id } = await personOf(number);
  const shown = await api.call('GET', `/api/v1/contacts/${id}/enrollments`);
  expect(JSON.stringify(shown.body)).toContain('Withdrew consent to marketing');
  await record({ people: [{ to: number }], action: 'revoke', purpose: 'transactional', method: 'voice' });
  expect(await passages(number)).toEqual([]);
  expect(await endOf(number)).toMatchObject({ ORDER: taken('transactional'), THEN: taken('transactional') });
});

test('consents come from a file, each with its proof, and go out as one', async () => {
  const { id } = await programme();
  const text =
    'phone,given_at,source,first_name\n+12025556010,2026-10-01T08:00:00Z,"=Shop, ""north""",Ada\n+12025556011,yesterday,,\n+12025556012,,,\n';
  const answer = await api.call('POST', `/api/v1/consents/import?programme_id=${id}&source=List`, {
    text: { type: 'text/csv', text },
  });
  expect(answer.body).toMatchObject({
    recorded: 2,
    failed: 1,
    errors: [{ row: 3, field: 'given_at', code: 'time_invalid' }],
  });
  expect((await historyOf('+12025556010'))[0]).toMatchObject({
    method: 'file',
    source: '=Shop, "north"',
    given_at: '2026-10-01T08:00:00.000Z',
  });
  expect((await historyOf('+12025556012'))[0]).toMatchObject({ source: 'List' });
  const file = await api.call('GET', '/api/v1/consents/export');
  expect(file.body).toContain(`"'=Shop, ""north"""`);
  expect(file.body).toContain(words.disclosure);
});

test('what does not fit together is refused', async () => {
  const { id } = await programme({ question: null });
  const refusalOf = async (body: object) => {
    const answer = await api.call('POST', '/api/v1/consents', { body: { people: [{ to: '+12025556020' }], ...body } });
    return [
      answer.status,
      z.object({ errors: z.array(z.object({ code: z.string() })) }).parse(answer.body).errors[0]?.code,
    ];
  };
  expect(await refusalOf({ action: 'grant' })).toEqual([422, 'programme_or_purpose']);
  expect(await refusalOf({ action: 'request', programme_id: id })).toEqual([422, 'question_missing']);
  expect(await refusalOf({ action: 'grant', programme_id: id, version: 2 })).toEqual([422, 'version_unknown']);
  expect(await refusalOf({ action: 'grant', programme_id: 'prg_01jd4w7h8zqv3m5k2n9x6r0t4c' })).toEqual([
    422,
    'programme_unknown',
  ]);
  const body = { name: 'Codes', brand: 'Shop', purpose: 'otp', ...words };
  expect((await api.call('POST', '/api/v1/consent/programmes', { body })).body).toMatchObject({
    errors: [{ code: 'question_needs_marketing' }],
  });
});
