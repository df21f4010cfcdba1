import { noProof, recordConsent } from '@signalbox/engine/consent/store';
import { endFlow, pauseFlow, resumeFlow, stopFlow } from '@signalbox/engine/flows/lifecycle';
import { shown } from '@signalbox/engine/http/ids';
import { eventTypes, findEventType } from '@signalbox/engine/integrations/event-types';
import { acceptMessages, refuseMessages } from '@signalbox/engine/sending/settle';
import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from '../api/client.ts';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, until } from '../support/harness.ts';
import { letIn } from '../support/let-in.ts';
import { testFlow } from '../support/tested.ts';
import { type Receiver, startReceiver } from './receiver.ts';

let api: ApiHarness;
let receiver: Receiver;
beforeAll(async () => {
  api = await startApiHarness({ work: true });
  receiver = await startReceiver();
  const types = eventTypes.map(({ type }) => type);
  await api.call('POST', '/api/v1/webhooks', { body: { url: receiver.url('/'), types } });
});
afterAll(async () => {
  receiver.close();
  await api.close();
});

const told = (type: string) => receiver.received.filter(({ event }) => event.type === type);
const toBeTold = (type: string, times = 1) =>
  until(`${type} to be told`, () => (told(type).length >= times ? told(type) : null), 30_000);
const post = (path: string, body: object) => api.call('POST', `/api/v1${path}`, { body });
const queueFar = async (to: string) => {
  const send_at = new Date(Date.now() + 3_600_000).toISOString();
  const sent = await post('/messages', { messages: [{ to, text: 'Later' }], purpose: 'transactional', send_at });
  return z.object({ data: z.array(z.object({ id: z.string() })) }).parse(sent.body).data.length;
};

/** A template that fails for whoever has no such attribute. */
function failingFlow() {
  const w = flow('Failing');
  const start = w.step('start', apiEvent, { event: 'fails' });
  const send = w.step('send', sendSms, { text: '{{ contact.attributes.none }}', purpose: 'transactional' });
  start.to('next', send);
  return w.graph();
}

test('every type of event is told when it happens, with data that fits its schema', async () => {
  const phone = '+12025553001';
  const { flowId } = await api.publish('Conversation', conversationFlow({ keyword: 'TIPS' }));
  api.carrier.text(phone, businessNumber, 'TIPS');
  await toBeTold('message.delivered');
  api.carrier.text(phone, businessNumber, 'yes');
  await toBeTold('enrollment.finished');
  api.carrier.text(phone, businessNumber, 'STOP');
  await toBeTold('contact.opted_out');
  await post('/messages', { messages: [{ to: phone, text: 'Hello' }], purpose: 'marketing' });
  await toBeTold('message.refused');
  api.carrier.text(phone, businessNumber, 'START');
  await toBeTold('contact.opted_in');

  const linked = { messages: [{ to: '+12025553003', text: 'See https://example.com' }], purpose: 'transactional' };
  await post('/messages', { ...linked, shorten_links: true });
  const { code } = await api.inTx((tx) => tx.selectFrom('links').select('code').executeTakeFirstOrThrow());
  await fetch(`${api.url}/l/${code}`, { redirect: 'manual', headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux)' } });
  await toBeTold('link.clicked');

  const [contact = ''] = await api.addContacts(1);
  await api.call(
    'PATCH',
    `/api/v1/contacts/${z.string().parse(told('contact.created').at(0)?.event.data['contact_id'])}`,
    {
      body: { first_name: 'Ada' },
      headers: { 'if-match': '*' },
    },
  );
  await toBeTold('contact.updated');

  const named = (first_name: string) =>
    api.call('PATCH', `/api/v1/contacts/${z.string().parse(told('contact.created').at(0)?.event.data['contact_id'])}`, {
      body: { first_name },
      headers: { 'if-match': '*' },
    });
  await post('/segments', { name: 'Graces', condition: { field: 'contact.first_name', op: 'is', value: 'Grace' } });
  await until('the segment to be built', async () => {
    const segment = await api.inTx((tx) => tx.selectFrom('segments').select('state').executeTakeFirstOrThrow());
    return segment.state === 'ready' ? segment : null;
  });
  await named('Grace');
  await toBeTold('segment.entered');
  await named('Ada');
  await toBeTold('segment.left');

  await api.publish('Test', testFlow('tested.told'));
  const { id: testId } = await api.inTx((tx) => tx.selectFrom('tests').select('id').executeTakeFirstOrThrow());
  await post(`/tests/${shown('test', testId)}/decide`, { arm: 'b', reason: 'Shorter' });
  await toBeTold('test.decided');

  const gone = await post('/contacts', { phone: '+12025553004' });
  const { id: goneId } = z.looseObject({ id: z.string() }).parse(gone.body);
  const deleted = await post('/contacts/delete', { contact_ids: [goneId] });
  await toBeTold('contact.deleted');
  const { deletion_id } = z.looseObject({ deletion_id: z.string() }).parse(deleted.body);
  await post('/deleted-contacts/restore', { deletion_id });
  await toBeTold('contact.restored');

  const { flowId: failing } = await api.publish('Failing', failingFlow());
  await letIn(api, failing, [contact]);
  await toBeTold('enrollment.failed');

  const work = { workspaceId: api.workspaceId, now: new Date() };
  await api.inTx(async (tx) => {
    await pauseFlow({ ...work, tx }, flowId);
  });
  await toBeTold('flow.paused');
  await resumeFlowNow(flowId);
  await toBeTold('flow.resumed');
  api.carrier.text('+12025553002', businessNumber, 'TIPS');
  await toBeTold('enrollment.started', 3);
  await api.inTx((tx) => stopFlow({ ...work, tx }, flowId));
  await endFlow({ ...api.engine, ...api.engine.arrivalDeps }, api.workspaceId, flowId);
  await toBeTold('flow.stopped');
  await toBeTold('enrollment.stopped');

  // What only a provider or time brings about, by the hands that write it down.
  for (const [index, state] of (['failed', 'expired', 'canceled'] as const).entries()) {
    await queueFar(`+1202555310${index}`);
    await api.inTx(async (tx) => {
      const { id } = await tx
        .selectFrom('messages')
        .select('id')
        .where('number', '=', `+1202555310${index}`)
        .executeTakeFirstOrThrow();
      await refuseMessages({ ...work, tx }, [{ messageId: id, state, reason: { code: 'flow_stopped' } }]);
    });
    await toBeTold(`message.${state}`);
  }
  await queueFar('+12025553110');
  await api.inTx(async (tx) => {
    const { id } = await tx
      .selectFrom('messages')
      .select('id')
      .where('number', '=', '+12025553110')
      .executeTakeFirstOrThrow();
    await acceptMessages({ ...work, tx }, [id], true);
    await tx
      .updateTable('messages')
      .set({ state: 'undelivered', accepted_at: new Date() })
      .where('id', '=', id)
      .execute();
  });
  await toBeTold('message.unresolved');
  await toBeTold('message.undelivered');
  await api.inTx((tx) =>
    recordConsent(
      { ...work, tx },
      (['granted', 'requested', 'confirmed', 'expired'] as const).map((action) => ({
        id: api.engine.ids.uuid(),
        contactId: contact,
        purpose: 'marketing',
        action,
        method: 'flow',
        wording: null,
        sourceMessageId: null,
        flowId: null,
        enrollmentId: null,
        hop: null,
        proof: noProof,
      })),
    ),
  );
  for (const action of ['requested', 'confirmed', 'expired']) await toBeTold(`consent.${action}`);
  await until('everything to be told', async () => {
    const rows = await api.inTx((tx) => tx.selectFrom('webhook_outbox').select('id').execute());
    return rows.length === 0;
  });

  const types = new Set(receiver.received.map(({ event }) => event.type));
  expect([...types].sort()).toEqual(eventTypes.map(({ type }) => type).sort());
  for (const { event } of receiver.received) {
    const schema = findEventType(event.type)?.type.schema;
    expect([event.type, schema?.safeParse(event.data).error?.issues]).toEqual([event.type, undefined]);
    expect(schema?.parse(event.data)).toEqual(event.data);
  }
  const [received] = told('message.received');
  expect(received?.event).toMatchObject({ data: { from: phone, to: businessNumber, text: 'TIPS', direction: 'in' } });
  const [delivered] = told('message.delivered');
  expect(delivered?.event.occurred_at).toBe(delivered?.event.data['delivered_at']);
  expect(delivered?.event.cause).toBe(delivered?.event.data['enrollment_id']);
}, 120_000);

async function resumeFlowNow(flowId: string): Promise<void> {
  await api.inTx((tx) => resumeFlow({ tx, workspaceId: api.workspaceId, now: new Date() }, flowId));
}
