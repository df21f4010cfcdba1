import { idPrefixes } from '@signalbox/engine/http/ids';
import { showId } from '@signalbox/engine/runtime/ids';
import pg from 'pg';
import twilio from 'twilio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, type CallOptions, startApiHarness } from '../api/client.ts';
import { nameOf } from '../api/judge.ts';
import { operationsOf } from '../api/operations.ts';
import { conversationFlow } from '../support/flows.ts';
import { fingerprint } from './isolation.ts';
import { columnsWithoutKey, listedColumns, looseReferences } from './loose-references.ts';
import { type Filled, fillWorkspace, type TenantTable, tenantTables } from './tenant-tables.ts';

let api: ApiHarness;
let owner: pg.Client;
let tables: readonly TenantTable[];
/** A row in every table of another workspace. */
let ofB: Filled;
const b = crypto.randomUUID();
let flowId: string;

beforeAll(async () => {
  api = await startApiHarness();
  owner = new pg.Client({ connectionString: api.ownerUrl });
  await owner.connect();
  tables = await tenantTables(owner);
  const filled = await fillWorkspace(owner, tables, b);
  expect(filled.problems).toEqual([]);
  ofB = filled.filled;
  ({ flowId } = await api.publish('Ours', conversationFlow({ event: 'ours.happened' })));
  await api.addContacts(1);
});
afterAll(async () => {
  await owner.end();
  await api.close();
});

/** An id of B's, as the API shows such ids. */
function shownOfB(kind: keyof typeof idPrefixes, table: string, column = 'id'): string {
  return showId(idPrefixes[kind], z.uuid().parse(ofB.get(table)?.[column]));
}

const ourFlow = (): string => showId(idPrefixes.flow, flowId);

function idOfB(parameter: string): string {
  switch (parameter) {
    case 'flow_id':
      return shownOfB('flow', 'flows');
    case 'contact_id':
      return shownOfB('contact', 'contacts');
    case 'enrollment_id':
      return shownOfB('enrollment', 'enrollments');
    case 'batch_id':
      return shownOfB('batch', 'enrollment_batches');
    case 'account_id':
      return shownOfB('account', 'accounts');
    case 'message_id':
      return shownOfB('message', 'messages');
    case 'hold_id':
      return shownOfB('hold', 'queue_holds');
    case 'retry_id':
      return shownOfB('retry', 'queue_retries');
    case 'notice_id':
      return shownOfB('notice', 'notices');
    case 'price_id':
      return shownOfB('price', 'prices');
    case 'programme_id':
      return shownOfB('programme', 'consent_programmes');
    case 'list_id':
      return shownOfB('list', 'contact_lists');
    case 'campaign_id':
      return shownOfB('campaign', 'campaigns');
    case 'segment_id':
      return shownOfB('segment', 'segments');
    case 'pool_id':
      return shownOfB('pool', 'code_pools');
    case 'goal_id':
      return shownOfB('goal', 'goals');
    case 'form_id':
      return shownOfB('form', 'sign_up_forms');
    case 'template_id':
      return shownOfB('template', 'message_templates');
    case 'test_id':
      return shownOfB('test', 'tests');
    case 'field_id':
      return shownOfB('field', 'contact_fields');
    case 'suppression_id':
      return shownOfB('suppression', 'suppressions');
    case 'media_id':
      return shownOfB('media', 'media');
    case 'sender_id':
      return shownOfB('sender', 'senders');
    case 'webhook_id':
      return shownOfB('webhook', 'webhook_endpoints');
    case 'delivery_id':
      return shownOfB('delivery', 'webhook_deliveries');
    default:
      throw new Error(`The document has a parameter ${parameter}: say here which of B's ids it takes.`);
  }
}

/** Bodies that pass for the operations that want one, so that the id is what decides. */
const bodies: Readonly<Record<string, () => CallOptions>> = {
  'PATCH /v1/flows/{flow_id}': () => ({ body: { name: 'Taken' } }),
  'PATCH /v1/contacts/{contact_id}': () => ({ body: { first_name: 'Taken' } }),
  'PATCH /v1/contact-lists/{list_id}': () => ({ body: { name: 'Taken' } }),
  'POST /v1/contact-lists/{list_id}/members': () => ({ body: { action: 'add', filter: {} } }),
  'PATCH /v1/campaigns/{campaign_id}': () => ({ body: { name: 'Taken' } }),
  'POST /v1/campaigns/{campaign_id}/duplicate': () => ({ body: {} }),
  'POST /v1/campaigns/{campaign_id}/resume': () => ({ body: {} }),
  'POST /v1/campaigns/{campaign_id}/test': () => ({ body: { contact_ids: [shownOfB('contact', 'contacts')] } }),
  'PATCH /v1/segments/{segment_id}': () => ({ body: { name: 'Taken' } }),
  'PATCH /v1/code-pools/{pool_id}': () => ({ body: { name: 'Taken' } }),
  'POST /v1/code-pools/{pool_id}/codes': () => ({ body: { codes: ['TAKEN'] } }),
  'PATCH /v1/goals/{goal_id}': () => ({ body: { name: 'Taken' } }),
  'PATCH /v1/sign-up-forms/{form_id}': () => ({ body: { name: 'Taken' } }),
  'PATCH /v1/message-templates/{template_id}': () => ({ body: { name: 'Taken' } }),
  'POST /v1/message-templates/{template_id}/publish': () => ({ body: {} }),
  'POST /v1/message-templates/{template_id}/restore': () => ({ body: { version: 1 } }),
  'POST /v1/tests/{test_id}/decide': () => ({ body: { arm: 'a', reason: 'Taken' } }),
  'POST /v1/tests/{test_id}/stop': () => ({ body: { reason: 'Taken' } }),
  'PATCH /v1/contact-fields/{field_id}': () => ({ body: { label: 'Taken' } }),
  'PATCH /v1/consent/programmes/{programme_id}': () => ({ body: { description: 'Taken' } }),
  'POST /v1/consent/programmes/{programme_id}/versions': () => ({ body: { disclosure: 'Taken' } }),
  'PATCH /v1/accounts/{account_id}': () => ({ body: { opt_out_handling: 'carrier' } }),
  'PATCH /v1/senders/{sender_id}': () => ({ body: { registration: 'pending' } }),
  'PATCH /v1/webhooks/{webhook_id}': () => ({ body: { enabled: true } }),
  'POST /v1/webhooks/{webhook_id}/rotate-secret': () => ({ body: {} }),
  'POST /v1/webhooks/{webhook_id}/replay-failed': () => ({ body: { since: '2026-11-22T17:35:00Z' } }),
  'POST /v1/accounts/{account_id}/senders': () => ({ body: { address: '+12025550177', kind: 'long_code' } }),
  'POST /v1/queue/messages/{message_id}/decide': () => ({ body: { decision: 'arrived' } }),
  'POST /v1/flows/{flow_id}/enrollments': () => ({ body: { contact_ids: [shownOfB('contact', 'contacts')] } }),
};

test('every operation answers an id of another workspace as one that does not exist', async () => {
  const before = await fingerprint(owner, tables);
  const operations = operationsOf(api.api?.document()).filter(({ parameters }) =>
    parameters.some((parameter) => parameter.in === 'path' && parameter.schema['enum'] === undefined),
  );
  expect(operations.length).toBeGreaterThan(18);
  for (const operation of operations) {
    const name = nameOf(operation);
    const body = operation.requestBody === undefined ? {} : bodies[name]?.();
    if (body === undefined) throw new Error(`${name} takes a body: give it one that passes.`);
    const path = operation.path.replace(/\{(\w+)\}/g, (_, parameter: string) => idOfB(parameter));
    const answer = await api.call(operation.method, `/api${path}`, { ...body, headers: { 'if-match': '*' } });
    expect([name, answer.status]).toEqual([name, 404]);
  }
  const mixed = await api.call('GET', `/api/v1/flows/${ourFlow()}/batches/${idOfB('batch_id')}`);
  expect(mixed.status).toBe(404);
  expect(await fingerprint(owner, tables)).toEqual(before);
});

/** Which columns of our rows hold an id that B's rows hold, as `table.column`. */
async function columnsWithIdsOfB(): Promise<string[]> {
  const theirs = new Set<string>();
  for (const row of ofB.values())
    for (const value of Object.values(row)) if (z.uuid().safeParse(value).success) theirs.add(String(value));
  const holding: string[] = [];
  for (const table of tables) {
    const columns = table.columns.filter((column) => column.type === 'uuid' || column.type === 'uuid[]');
    const rows = await owner.query<Record<string, unknown>>(
      `SELECT * FROM ${pg.escapeIdentifier(table.name)} WHERE workspace_id = $1`,
      [api.workspaceId],
    );
    for (const { name } of columns)
      if (rows.rows.some((row) => [row[name]].flat().some((value) => theirs.has(String(value)))))
        holding.push(`${table.name}.${name}`);
  }
  return holding;
}

test('an id of another workspace in a body, a query or a webhook finds nobody, and only columns kept as given hold it', async () => {
  const contact = idOfB('contact_id');
  const batch = await api.call('POST', `/api/v1/flows/${ourFlow()}/enrollments`, { body: { contact_ids: [contact] } });
  expect([batch.status, batch.body]).toMatchObject([202, { enrolled: 0, not_found: 1 }]);
  const event = await api.call('POST', '/api/v1/events', { body: { type: 'ours.happened', contact_id: contact } });
  expect(event.status).toBe(422);
  const texted = await api.call('POST', '/api/v1/messages', {
    body: { messages: [{ contact_id: contact, text: 'Hello' }], purpose: 'transactional' },
  });
  expect(texted.status).toBe(422);
  for (const subject of [{ account_id: idOfB('account_id') }, { flow_id: idOfB('flow_id') }]) {
    const held = await api.call('POST', '/api/v1/queue/holds', { body: { mode: 'pause', ...subject } });
    expect(held.status).toBe(422);
  }
  const consent = (body: object) => api.call('POST', '/api/v1/consents', { body: { action: 'grant', ...body } });
  expect((await consent({ people: [{ contact_id: contact }], purpose: 'marketing' })).status).toBe(422);
  const programme = idOfB('programme_id');
  expect((await consent({ people: [{ to: '+12025550178' }], programme_id: programme })).status).toBe(422);
  const found = await api.call('GET', `/api/v1/messages?account_id=${idOfB('account_id')}`);
  expect([found.status, found.body]).toEqual([200, { data: [], next_cursor: null }]);
  const listed = await api.call('GET', `/api/v1/flows/${ourFlow()}/enrollments?contact_id=${contact}`);
  expect([listed.status, listed.body]).toEqual([200, { data: [], next_cursor: null }]);

  const attempt = z.uuid().parse(ofB.get('message_attempts')?.id);
  const theirs = async () =>
    (await owner.query(`SELECT * FROM message_attempts WHERE workspace_id = $1`, [b])).rows.concat(
      (await owner.query(`SELECT * FROM messages WHERE workspace_id = $1`, [b])).rows,
    );
  const before = await theirs();
  const url = `${api.url}/webhooks/twilio/${api.accountId}/status?attempt=${attempt}`;
  const params = { MessageSid: `SM${'9'.repeat(32)}`, MessageStatus: 'delivered' };
  const signature = twilio.getExpectedTwilioSignature('a-token-of-the-test-account', url, params);
  const receipt = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
    body: new URLSearchParams(params),
  });
  expect(receipt.status).toBe(200);
  expect(await theirs()).toEqual(before);
  const joined = await api.inTx((tx) => tx.selectFrom('message_receipts').select('message_id').execute());
  expect(joined).toEqual([{ message_id: null }]);

  const given = listedColumns(looseReferences, 'given');
  const holding = await columnsWithIdsOfB();
  expect(holding).toContain('message_receipts.attempt_id');
  expect(holding.filter((column) => !given.includes(column))).toEqual([]);
});

test('every column that refers without a foreign key says why it may', () => {
  expect(listedColumns(looseReferences).sort()).toEqual(columnsWithoutKey(tables).sort());
});

test('and a new one that says nothing would be found', () => {
  const [first] = tables;
  if (first === undefined) throw new Error('There are no tables.');
  const planted = {
    ...first,
    name: 'planted',
    references: [],
    columns: [{ name: 'flow_id', type: 'uuid', notNull: false, filledByDatabase: false, mayChange: true }],
  };
  expect(columnsWithoutKey([planted])).toEqual(['planted.flow_id']);
});
