import { flow } from '@signalbox/nodes/flow/builder';
import { end } from '@signalbox/nodes/library/end/end';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { z } from 'zod';
import type { ApiHarness } from '../api/client.ts';
import { until } from '../support/harness.ts';

/** Tables that a workspace fills by what it sets and sends: what a build left in them is there after an upgrade as well. */
export const keptTables = [
  'accounts',
  'brand_segments',
  'consent_programmes',
  'consent_versions',
  'gate_rules',
  'links',
  'media',
  'opening_hours',
  'prices',
  'queue_holds',
  'sender_route_members',
  'sender_routes',
  'senders',
  'suppressions',
  'webhook_endpoints',
] as const;

const madeSchema = z.looseObject({ id: z.string() });
const listSchema = z.looseObject({ data: z.array(madeSchema) });

/** Sets everything that can be set, and sends a few texts by it, through the API. */
export async function setEverything(api: ApiHarness): Promise<void> {
  const call = async (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<unknown> => {
    const headers = method === 'PATCH' || /\/(senders|versions)$/.test(path) ? { 'if-match': '*' } : {};
    const answer = await api.call(method, `/api/v1${path}`, { headers, ...(body === undefined ? {} : { body }) });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const senders = async () => listSchema.parse(await call('GET', '/senders')).data;

  await call('PATCH', '/workspace', {
    brand: 'Test',
    link_domain: 'go.example.com',
    help_answer: 'Call us. Reply STOP to stop.',
  });
  await call('PATCH', '/opening-hours', { hours: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }] });
  const [account] = listSchema.parse(await call('GET', '/accounts')).data;
  await call('POST', `/accounts/${account?.id}/senders`, { address: '+12025550190', kind: 'long_code' });
  for (const [index, { id }] of (await senders()).entries())
    await call('PATCH', `/senders/${id}`, {
      registration: 'registered',
      registration_reference: `C${index}`,
      registration_brand: 'BTEST',
      brand_daily_segments: 200_000,
    });
  const members = (await senders()).map(({ id }) => ({ sender_id: id }));
  const route = { name: 'Home', countries: ['US'], purposes: [], mode: 'order', senders: members };
  await call('PATCH', '/routes', { routes: [route] });
  await call('POST', '/prices', { prices: [{ provider: 'twilio', prefix: '+1', micro_units: '7900' }] });
  const limit = { scope: 'workspace', subject: '', period: 'month', amount: 1_000_000_000 };
  for (const [rule, settings] of Object.entries({
    spending: { limits: [limit] },
    'frequency-caps': { caps: [{ messages: 50, hours: 720 }] },
    suppression: { prefixes: ['+1900'] },
    content: { banned: ['casino'] },
  }))
    await call('PATCH', `/gate/rules/${rule}`, { settings });
  const programme = madeSchema.parse(
    await call('POST', '/consent/programmes', {
      name: 'Offers',
      brand: 'Test',
      purpose: 'marketing',
      disclosure: 'Offers by text.',
      question: 'Reply YES to get offers.',
    }),
  );
  await call('POST', `/consent/programmes/${programme.id}/versions`, {
    disclosure: 'Offers by text, weekly.',
    question: 'Reply YES to get offers.',
  });
  await call('POST', '/suppressions', { numbers: ['+12025559001'] });
  await call('POST', '/webhooks', { url: 'http://127.0.0.1:9/', types: ['contact.created'] });
  await call('POST', '/contacts', { phone: '+12025559002', first_name: 'Told' });
  const drawn = flow('Never live');
  drawn.step('start', keyword, { keywords: ['NEVER'] }).to('next', drawn.step('done', end, {}));
  const draft = madeSchema.parse(await call('POST', '/flows', drawn.build()));
  await call('POST', '/queue/holds', { mode: 'pause', flow_id: draft.id });
  const picture = { type: 'image/gif', text: 'GIF89a01011;' };
  const uploaded = await api.call('POST', '/api/v1/media', { text: picture });
  if (uploaded.status >= 300) throw new Error(`The picture: ${uploaded.status}`);

  await call('POST', '/consents', {
    people: [{ to: '+12025559003' }],
    action: 'request',
    programme_id: programme.id,
  });
  await call('POST', '/messages', {
    messages: [{ to: '+12025559004', text: 'See https://example.com/news' }],
    purpose: 'transactional',
    shorten_links: true,
  });
  await until('both texts to arrive', async () => {
    const out = await api.inTx((tx) =>
      tx.selectFrom('messages').select('state').where('direction', '=', 'out').execute(),
    );
    return out.length === 2 && out.every(({ state }) => state === 'delivered');
  });
}
