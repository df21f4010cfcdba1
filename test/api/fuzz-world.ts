import { giveCodes } from '@signalbox/engine/codes/give';
import { providerCredentialsRefused } from '@signalbox/engine/notices/provider-credentials-refused';
import { raiseNotices } from '@signalbox/engine/notices/store';
import { readId } from '@signalbox/engine/runtime/ids';
import { flow } from '@signalbox/nodes/flow/builder';
import { end } from '@signalbox/nodes/library/end/end';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';
import { z } from 'zod';
import { testFlow } from '../support/tested.ts';
import type { ApiHarness, CallOptions } from './client.ts';

const madeSchema = z.looseObject({ id: z.string() });
const deletionSchema = z.object({ deletion_id: z.string() });

/** A request that must succeed, for an operation that generated data alone would rarely get through. */
export type Directed = CallOptions & { readonly path: string };

/** Things that exist, and ways to make more, so that requests meet them. */
export async function createFuzzWorld(api: ApiHarness) {
  const pool = new Map<string, string[]>();
  const add = (id: string): string => {
    const prefix = id.slice(0, 3);
    pool.set(prefix, [...(pool.get(prefix) ?? []), id]);
    return id;
  };
  let count = 0;

  const graph = () => {
    count += 1;
    const made = flow(`Fuzz ${count}`);
    const start = made.step('start', keyword, { keywords: [`FUZZ${count}`] });
    const event = made.step('event', apiEvent, { event: `fuzz.happened_${count}` });
    const wait = made.step('wait', waitForReply, { timeout: { amount: 1, unit: 'days' } });
    const done = made.step('done', end, {});
    start.to('next', wait);
    event.to('next', wait);
    wait.to('replied', done).to('timeout', done);
    return made.build();
  };
  const post = async (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<unknown> => {
    const answer = await api.call('POST', `/api/v1${path}`, { ...(body === undefined ? {} : { body }), headers });
    if (answer.status >= 300)
      throw new Error(`The world could not be made: POST ${path} ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const idOf = (body: unknown): string => add(madeSchema.parse(body).id);
  const draft = async () => idOf(await post('/flows', graph()));
  const live = async () => {
    const id = await draft();
    await post(`/flows/${id}/publish`, undefined, { 'if-match': '"1"' });
    return id;
  };
  const stopped = async () => {
    const id = await live();
    await post(`/flows/${id}/stop`);
    return id;
  };
  const paused = async () => {
    const id = await live();
    await post(`/flows/${id}/pause`);
    return id;
  };
  const contact = async () =>
    idOf(await post('/contacts', { phone: `+1202${5_570_000 + ++count}`, first_name: `Fuzz ${count}` }));

  /** Somebody whom no other request is about. */
  const newContact = async () => madeSchema.parse(await post('/contacts', { phone: `+1202${5_570_000 + ++count}` })).id;
  const deletedContact = async () => {
    const id = await newContact();
    add(deletionSchema.parse(await post('/contacts/delete', { contact_ids: [id] })).deletion_id);
    return id;
  };
  await deletedContact();

  const flowId = await live();
  const people = [await contact(), await contact(), await contact()];
  const batch = idOf(await post(`/flows/${flowId}/enrollments`, { contact_ids: people }));
  const enrollments = z
    .object({ data: z.array(madeSchema) })
    .parse((await api.call('GET', `/api/v1/flows/${flowId}/enrollments`)).body);
  for (const { id } of enrollments.data) add(id);
  const accounts = z
    .object({ data: z.array(madeSchema.extend({ senders: z.array(madeSchema) })) })
    .parse((await api.call('GET', '/api/v1/accounts')).body).data;
  for (const { id } of accounts) add(id);
  const account = accounts[0]?.id ?? '';
  const withSenders = z.object({ senders: z.array(madeSchema) });
  const withPrices = z.object({ data: z.array(madeSchema) });
  const price = async () => {
    const body = { prices: [{ provider: 'twilio', prefix: `+${++count}`, micro_units: '7900' }] };
    return add(withPrices.parse(await post('/prices', body)).data[0]?.id ?? '');
  };
  /** A sender beside those that there are. */
  const sender = async () => {
    const body = { address: `+1202${5_580_000 + ++count}`, kind: 'long_code' };
    const answer = await api.call('POST', `/api/v1/accounts/${account}/senders`, {
      body,
      headers: { 'if-match': '*' },
    });
    return withSenders.parse(answer.body).senders.at(-1)?.id ?? '';
  };
  /** An account whose provider signs nothing. */
  const unsigned = async () => {
    const senders = [{ address: `+1202${5_580_000 + ++count}`, kind: 'long_code' }];
    const given = {
      provider: 'twilio',
      name: 'Unsigned',
      account_sid: `AC${'4'.repeat(32)}`,
      auth_token: 'x'.repeat(32),
    };
    const id = idOf(await post('/accounts', { ...given, senders }));
    await api.inTx((tx) =>
      tx.updateTable('accounts').set({ webhook_key: 'k' }).where('name', '=', 'Unsigned').execute(),
    );
    return id;
  };
  for (const { id } of accounts.flatMap((each) => each.senders)) add(id);
  // Where nobody listens: what is sent there is tried again and again.
  const endpoint = { url: 'http://127.0.0.1:9/', types: ['contact.created'] };
  /** A workspace has twenty webhooks at most: the newest ones make room for another. */
  const roomForWebhook = async () => {
    const { body } = await api.call('GET', '/api/v1/webhooks');
    const { data } = z.object({ data: z.array(madeSchema) }).parse(body);
    for (const { id } of data.length < 20 ? [] : data.slice(0, 10))
      await api.call('DELETE', `/api/v1/webhooks/${id}`, { headers: { 'if-match': '*' } });
  };
  const webhook = async () => {
    await roomForWebhook();
    return `/webhooks/${idOf(await post('/webhooks', endpoint))}`;
  };
  const delivery = async () => {
    const path = await webhook();
    return `${path}/deliveries/${idOf(await post(`${path}/test`))}`;
  };
  await delivery();
  const message = (to: string) => ({ messages: [{ to, text: 'Your order has left.' }], purpose: 'transactional' });
  const sent = z.object({ data: z.array(madeSchema) }).parse(await post('/messages', message('+12025570000')));
  for (const { id } of sent.data) add(id);
  /** A message of which nobody knows whether it was sent. */
  const unknown = async () => {
    const answer = z
      .object({ data: z.array(madeSchema) })
      .parse(await post('/messages', message(`+1202${5_570_000 + ++count}`)));
    const id = answer.data[0]?.id ?? '';
    const uuid = readId('msg', id) ?? '';
    await api.inTx(async (tx) => {
      await tx.deleteFrom('message_queue').where('message_id', '=', uuid).execute();
      await tx.updateTable('messages').set({ state: 'unknown' }).where('id', '=', uuid).execute();
    });
    return id;
  };
  const hold = async () => idOf(await post('/queue/holds', { mode: 'drain', flow_id: await draft() }));
  await hold();
  const retry = async () => idOf(await post('/queue/retries', { flow_id: await draft() }));
  await retry();
  await api.inTx((tx) =>
    raiseNotices(api.engine, { tx, workspaceId: api.workspaceId, now: new Date() }, providerCredentialsRefused, [
      { subject: account, values: { account: 'Test account', code: '20003' } },
    ]),
  );
  const notices = z.object({ data: z.array(madeSchema) }).parse((await api.call('GET', '/api/v1/notices')).body);
  const notice = add(notices.data[0]?.id ?? '');
  const programmeBody = (purpose = 'marketing') => ({
    name: `Fuzz ${++count}`,
    brand: 'Fuzz',
    purpose,
    disclosure: 'Offers by text.',
    question: 'Reply YES to get offers.',
  });
  const listBody = () => ({ name: `Fuzz ${++count}`, kind: 'tag' });
  const newList = async () => idOf(await post('/contact-lists', listBody()));
  add(await newList());
  const campaignBody = () => ({
    name: `Fuzz ${++count}`,
    audience: { include: [{ kind: 'everyone' }], exclude: [] },
    schedule: { kind: 'at', date: '2099-12-24', time: '09:00', zone: 'Europe/Berlin' },
    message: { text: 'Good morning.', purpose: 'transactional' },
  });
  const newCampaign = async () => idOf(await post('/campaigns', campaignBody()));
  const launched = async () => {
    const id = await newCampaign();
    await post(`/campaigns/${id}/launch`, undefined, { 'if-match': '*' });
    return id;
  };
  await newCampaign();
  const segmentBody = () => ({
    name: `Fuzz ${++count}`,
    condition: { field: 'contact.first_name', op: 'is', value: 'x' },
  });
  const newSegment = async () => {
    // A workspace has two hundred at most.
    const { body } = await api.call('GET', '/api/v1/segments');
    const { data } = z.object({ data: z.array(madeSchema) }).parse(body);
    for (const { id } of data.length < 150 ? [] : data.slice(0, 50)) await api.call('DELETE', `/api/v1/segments/${id}`);
    return idOf(await post('/segments', segmentBody()));
  };
  add(await newSegment());
  const goalBody = () => ({ name: `Fuzz ${++count}`, event: 'fuzz.happened_1', value_field: 'total' });
  const newGoal = async () => {
    // A workspace has a hundred at most.
    await api.inTx((tx) => tx.deleteFrom('goals').where('archived_at', 'is not', null).execute());
    const { body } = await api.call('GET', '/api/v1/goals');
    const { data } = z.object({ data: z.array(madeSchema) }).parse(body);
    for (const { id } of data.length < 80 ? [] : data.slice(0, 40))
      await api.call('PATCH', `/api/v1/goals/${id}`, { body: { archived: true }, headers: { 'if-match': '*' } });
    return idOf(await post('/goals', goalBody()));
  };
  add(await newGoal());
  const poolBody = () => ({ name: `Fuzz ${++count}`, key: `fuzz_${count}` });
  const newPool = async () => {
    // A workspace has two hundred at most.
    if (count % 50 === 0) await api.inTx((tx) => tx.deleteFrom('code_pools').where('name', 'like', 'Fuzz %').execute());
    return idOf(await post('/code-pools', poolBody()));
  };
  add(await newPool());
  /** A code that somebody has. */
  const givenCode = async (code = `FUZZ-${++count}`) => {
    const pool = poolBody();
    const id = idOf(await post('/code-pools', pool));
    await post(`/code-pools/${id}/codes`, { codes: [code] });
    const contactId = readId('con', people[0] ?? '') ?? '';
    await api.inTx((tx) =>
      giveCodes({ tx, workspaceId: api.workspaceId, now: new Date() }, [{ contactId, pool: pool.key }]),
    );
    return code;
  };
  // That of the document's example.
  await givenCode('SPRING-7K2QX9AB');
  const templateContent = () => ({ default_language: 'en', texts: [{ language: 'en', text: `Fuzz ${++count}` }] });
  const templateBody = () => ({ name: `Fuzz ${++count}`, content: templateContent() });
  const template = async () => {
    const path = `/message-templates/${idOf(await post('/message-templates', templateBody()))}`;
    await post(`${path}/publish`, {}, { 'if-match': '*' });
    return path;
  };
  await template();
  const newTest = async () => {
    const id = idOf(await post('/flows', { name: `Fuzz ${++count}`, graph: testFlow(`fuzz.tested_${count}`) }));
    await post(`/flows/${id}/publish`, undefined, { 'if-match': '"1"' });
    // Examples take a live flow with people in it for theirs.
    await post(`/flows/${id}/pause`);
    const { body } = await api.call('GET', `/api/v1/tests?flow_id=${id}`);
    return add(z.object({ data: z.array(madeSchema) }).parse(body).data[0]?.id ?? '');
  };
  await newTest();
  // Looked at, so that there is something to show.
  await api.engine.maintenance.turn('tests', { all: true });
  const fieldBody = () => ({ label: `Fuzz ${++count}`, type: 'choice', options: ['one', 'two'] });
  const field = add(idOf(await post('/contact-fields', fieldBody())));
  /** One that nobody archives meanwhile. */
  const newProgramme = async () => idOf(await post('/consent/programmes', programmeBody()));
  const programme = await newProgramme();
  const formBody = async () => ({
    name: `Fuzz ${++count}`,
    programme_id: await newProgramme(),
    title: 'Offers by text',
    frequency: 'Weekly',
    terms_url: 'https://example.com/terms',
    privacy_url: 'https://example.com/privacy',
    double_opt_in: false,
  });
  const newForm = async () => {
    // A workspace has a hundred at most.
    const forms = await api.inTx((tx) => tx.selectFrom('sign_up_forms').select('id').execute());
    if (forms.length >= 80) await api.inTx((tx) => tx.deleteFrom('sign_up_forms').execute());
    return idOf(await post('/sign-up-forms', await formBody()));
  };
  add(await newForm());
  /** A block, which can be lifted. */
  const block = async () =>
    z
      .object({ data: z.tuple([madeSchema]) })
      .parse(await post('/suppressions', { numbers: [`+1202${5_590_000 + ++count}`] })).data[0].id;
  add(await block());
  const picture = async () => {
    const text = { type: 'image/gif', text: `GIF89a0101${++count};` };
    return idOf((await api.call('POST', '/api/v1/media', { text })).body);
  };
  /** A picture that could not be fetched. */
  const lost = async () => {
    const id = await picture();
    const set = { state: 'lost', source: Buffer.from('none'), next_at: new Date(8.64e12) } as const;
    await api.inTx((tx) =>
      tx
        .updateTable('media')
        .set(set)
        .where('id', '=', readId('med', id) ?? '')
        .execute(),
    );
    return id;
  };
  const shownPicture = await picture();
  await post('/messages', {
    messages: [{ to: `+1202${5_570_000 + ++count}`, text: 'Look', media: [shownPicture] }],
    purpose: 'transactional',
  });
  await draft();
  await stopped();
  await paused();

  const directed: Readonly<Record<string, () => Promise<Directed>>> = {
    'POST /v1/flows': async () => ({ path: '/flows', body: graph() }),
    'POST /v1/flows/{flow_id}/publish': async () => ({
      path: `/flows/${await draft()}/publish`,
      headers: { 'if-match': '"1"' },
    }),
    'POST /v1/flows/{flow_id}/pause': async () => ({ path: `/flows/${await live()}/pause` }),
    'POST /v1/flows/{flow_id}/resume': async () => ({ path: `/flows/${await paused()}/resume` }),
    'POST /v1/flows/{flow_id}/stop': async () => ({ path: `/flows/${await live()}/stop` }),
    'POST /v1/flows/{flow_id}/restore': async () => ({ path: `/flows/${await draft()}/restore` }),
    'POST /v1/flows/{flow_id}/start': async () => ({ path: `/flows/${await stopped()}/start` }),
    'DELETE /v1/flows/{flow_id}': async () => ({ path: `/flows/${await draft()}`, headers: { 'if-match': '"1"' } }),
    'PATCH /v1/flows/{flow_id}': async () => ({
      path: `/flows/${await draft()}`,
      body: { name: 'Renamed' },
      headers: { 'if-match': '"1"' },
    }),
    'GET /v1/flows/{flow_id}/batches/{batch_id}': async () => ({ path: `/flows/${flowId}/batches/${batch}` }),
    'GET /v1/flows/{flow_id}/counts/days': async () => ({
      path: `/flows/${flowId}/counts/days?from=2026-11-01&to=2026-11-30`,
    }),
    'POST /v1/flows/{flow_id}/enrollments': async () => ({
      path: `/flows/${await live()}/enrollments`,
      body: { contact_ids: people },
    }),
    'PATCH /v1/contacts/{contact_id}': async () => ({
      path: `/contacts/${await contact()}`,
      body: { first_name: 'Renamed' },
      headers: { 'if-match': '"1"' },
    }),
    'POST /v1/contacts': async () => ({ path: '/contacts', body: { phone: `+1202${5_570_000 + ++count}` } }),
    'POST /v1/contacts/import': async () => ({
      path: '/contacts/import',
      text: { type: 'text/csv', text: `phone,first_name\n+1202${5_570_000 + ++count},Line` },
    }),
    'POST /v1/events': async () => ({ path: '/events', body: { type: 'fuzz.happened_1', contact_id: people[0] } }),
    'POST /v1/accounts': async () => ({
      path: '/accounts',
      body: {
        provider: 'twilio',
        name: 'Fuzz',
        account_sid: `AC${'2'.repeat(32)}`,
        auth_token: 'x'.repeat(32),
        senders: [{ address: `+1202${5_580_000 + ++count}`, kind: 'long_code' }],
      },
    }),
    'PATCH /v1/accounts/{account_id}': async () => ({
      path: `/accounts/${account}`,
      body: { opt_out_handling: 'carrier' },
      headers: { 'if-match': '*' },
    }),
    'POST /v1/accounts/{account_id}/check': async () => ({ path: `/accounts/${account}/check` }),
    'POST /v1/accounts/{account_id}/new-address': async () => ({
      path: `/accounts/${await unsigned()}/new-address`,
      headers: { 'if-match': '*' },
    }),
    'POST /v1/accounts/{account_id}/senders': async () => ({
      path: `/accounts/${account}/senders`,
      body: { address: `+1202${5_580_000 + ++count}`, kind: 'long_code' },
      headers: { 'if-match': '*' },
    }),
    'DELETE /v1/accounts/{account_id}/senders/{sender_id}': async () => ({
      path: `/accounts/${account}/senders/${await sender()}`,
      headers: { 'if-match': '*' },
    }),
    'POST /v1/prices': async () => ({
      path: '/prices',
      body: { prices: [{ provider: 'twilio', prefix: `+${++count}`, micro_units: '7900' }] },
    }),
    'DELETE /v1/prices/{price_id}': async () => ({ path: `/prices/${await price()}` }),
    'PATCH /v1/routes': async () => ({
      path: '/routes',
      body: {
        routes: [
          {
            name: 'Fuzz',
            countries: ['US'],
            purposes: [],
            mode: 'weight',
            senders: [{ sender_id: await sender(), weight: 3 }],
          },
        ],
      },
      headers: { 'if-match': '*' },
    }),
    'PATCH /v1/senders/{sender_id}': async () => ({
      path: `/senders/${await sender()}`,
      body: { registration: 'pending' },
      headers: { 'if-match': '*' },
    }),
    'POST /v1/messages/preview': async () => ({
      path: '/messages/preview',
      body: { to: '+12025550123', text: 'Fuzz' },
    }),
    'PATCH /v1/gate/rules/{rule}': async () => ({
      path: '/gate/rules/frequency-caps',
      body: { settings: { caps: [{ messages: 4, hours: 168 }] } },
      headers: { 'if-match': '*' },
    }),
    'POST /v1/contacts/upsert': async () => ({
      path: '/contacts/upsert',
      body: { contacts: [{ phone: `+1202${5_540_000 + ++count}`, external_id: `fuzz-${count}` }] },
    }),
    'POST /v1/contacts/delete': async () => ({
      path: '/contacts/delete',
      body: { contact_ids: [await newContact()] },
    }),
    'POST /v1/deleted-contacts/restore': async () => ({
      path: '/deleted-contacts/restore',
      body: { contact_ids: [await deletedContact()] },
    }),
    'POST /v1/deleted-contacts/erase': async () => ({
      path: '/deleted-contacts/erase',
      body: { contact_ids: [await deletedContact()] },
    }),
    'POST /v1/contact-lists': async () => ({ path: '/contact-lists', body: listBody() }),
    'PATCH /v1/contact-lists/{list_id}': async () => ({
      path: `/contact-lists/${await newList()}`,
      body: { name: `Fuzz ${++count}` },
      headers: { 'if-match': '*' },
    }),
    'DELETE /v1/contact-lists/{list_id}': async () => ({ path: `/contact-lists/${await newList()}` }),
    'POST /v1/contact-lists/{list_id}/members': async () => ({
      path: `/contact-lists/${await newList()}/members`,
      body: { action: 'add', filter: {} },
    }),
    'GET /v1/tests/{test_id}': async () => ({ path: `/tests/${await newTest()}` }),
    'GET /v1/tests/{test_id}/looks': async () => ({ path: `/tests/${await newTest()}/looks` }),
    'POST /v1/tests/{test_id}/decide': async () => ({
      path: `/tests/${await newTest()}/decide`,
      body: { arm: 'b', reason: 'Shorter' },
    }),
    'POST /v1/tests/{test_id}/stop': async () => ({ path: `/tests/${await newTest()}/stop`, body: { reason: 'Over' } }),
    'POST /v1/campaigns': async () => ({ path: '/campaigns', body: campaignBody() }),
    'PATCH /v1/campaigns/{campaign_id}': async () => ({
      path: `/campaigns/${await newCampaign()}`,
      body: { pace: { kind: 'spread', hours: 2 }, message: { text: 'Fuzz' } },
      headers: { 'if-match': '*' },
    }),
    'DELETE /v1/campaigns/{campaign_id}': async () => ({
      path: `/campaigns/${await newCampaign()}`,
      headers: { 'if-match': '*' },
    }),
    'POST /v1/campaigns/{campaign_id}/restore': async () => ({ path: `/campaigns/${await newCampaign()}/restore` }),
    'POST /v1/campaigns/{campaign_id}/duplicate': async () => ({
      path: `/campaigns/${await newCampaign()}/duplicate`,
      body: { audience: 'not_clicked' },
    }),
    'POST /v1/campaigns/{campaign_id}/launch': async () => ({
      path: `/campaigns/${await newCampaign()}/launch`,
      headers: { 'if-match': '*' },
    }),
    'POST /v1/campaigns/{campaign_id}/pause': async () => ({ path: `/campaigns/${await launched()}/pause` }),
    'POST /v1/campaigns/{campaign_id}/resume': async () => {
      const id = await launched();
      await post(`/campaigns/${id}/pause`);
      return { path: `/campaigns/${id}/resume`, body: { pace: null } };
    },
    'POST /v1/campaigns/{campaign_id}/cancel': async () => ({ path: `/campaigns/${await launched()}/cancel` }),
    'POST /v1/campaigns/{campaign_id}/check': async () => ({ path: `/campaigns/${await newCampaign()}/check` }),
    'POST /v1/campaigns/{campaign_id}/test': async () => ({
      path: `/campaigns/${await newCampaign()}/test`,
      body: { contact_ids: [await newContact()] },
    }),
    'GET /v1/campaigns/{campaign_id}/results': async () => ({ path: `/campaigns/${await newCampaign()}/results` }),
    'GET /v1/campaign-calendar': async () => ({
      path: '/campaign-calendar?from=2026-12-01T00:00:00Z&to=2027-01-31T00:00:00Z',
    }),
    'POST /v1/segments': async () => ({ path: '/segments', body: segmentBody() }),
    'POST /v1/segments/preview': async () => ({
      path: '/segments/preview',
      body: { condition: { field: 'events.order.placed', op: 'never_happened', within_days: 30 } },
    }),
    // Of those that are named by chance most were deleted by then.
    'GET /v1/segments/{segment_id}/reach': async () => ({ path: `/segments/${await newSegment()}/reach` }),
    'GET /v1/segments/{segment_id}/members': async () => ({ path: `/segments/${await newSegment()}/members` }),
    'PATCH /v1/segments/{segment_id}': async () => ({
      path: `/segments/${await newSegment()}`,
      body: { name: `Fuzz ${++count}` },
      headers: { 'if-match': '*' },
    }),
    'DELETE /v1/segments/{segment_id}': async () => ({ path: `/segments/${await newSegment()}` }),
    'POST /v1/goals': async () => ({ path: '/goals', body: goalBody() }),
    'PATCH /v1/goals/{goal_id}': async () => ({
      path: `/goals/${await newGoal()}`,
      body: { name: `Fuzz ${++count}`, window_days: 7 },
      headers: { 'if-match': '*' },
    }),
    'POST /v1/code-pools': async () => ({ path: '/code-pools', body: poolBody() }),
    'PATCH /v1/code-pools/{pool_id}': async () => ({
      path: `/code-pools/${await newPool()}`,
      body: { low_at: 7 },
      headers: { 'if-match': '*' },
    }),
    'POST /v1/code-pools/{pool_id}/codes': async () => ({
      path: `/code-pools/${await newPool()}/codes`,
      body: { pattern: `FUZZ-${++count}-########`, count: 3 },
    }),
    'POST /v1/codes/redemptions': async () => ({
      path: '/codes/redemptions',
      body: { code: await givenCode(), amount: 5 },
    }),
    'POST /v1/sign-up-forms': async () => {
      await newForm();
      return { path: '/sign-up-forms', body: await formBody() };
    },
    'PATCH /v1/sign-up-forms/{form_id}': async () => ({
      path: `/sign-up-forms/${await newForm()}`,
      body: { name: `Fuzz ${++count}`, hosts: ['www.example.com'] },
      headers: { 'if-match': '*' },
    }),
    'POST /v1/message-templates': async () => ({ path: '/message-templates', body: templateBody() }),
    'PATCH /v1/message-templates/{template_id}': async () => ({
      path: await template(),
      body: { content: templateContent() },
      headers: { 'if-match': '*' },
    }),
    'POST /v1/message-templates/{template_id}/publish': async () => ({
      path: `${await template()}/publish`,
      body: { note: 'Fuzz' },
      headers: { 'if-match': '*' },
    }),
    'POST /v1/message-templates/{template_id}/restore': async () => ({
      path: `${await template()}/restore`,
      body: { version: 1 },
      headers: { 'if-match': '*' },
    }),
    'POST /v1/message-templates/preview': async () => ({
      path: '/message-templates/preview',
      body: { content: templateContent() },
    }),
    'POST /v1/contact-fields': async () => ({ path: '/contact-fields', body: fieldBody() }),
    'PATCH /v1/contact-fields/{field_id}': async () => ({
      path: `/contact-fields/${field}`,
      body: { label: `Fuzz ${++count}` },
      headers: { 'if-match': '*' },
    }),
    'POST /v1/consent/programmes': async () => ({ path: '/consent/programmes', body: programmeBody() }),
    'PATCH /v1/consent/programmes/{programme_id}': async () => ({
      path: `/consent/programmes/${programme}`,
      body: { description: 'Fuzz' },
      headers: { 'if-match': '*' },
    }),
    'POST /v1/consent/programmes/{programme_id}/versions': async () => ({
      path: `/consent/programmes/${programme}/versions`,
      body: { disclosure: `Offers by text, ${++count}.` },
      headers: { 'if-match': '*' },
    }),
    'POST /v1/consents': async () => ({
      path: '/consents',
      body: { people: [{ to: `+1202${5_570_000 + ++count}` }], action: 'request', programme_id: await newProgramme() },
    }),
    'POST /v1/consents/import': async () => ({
      path: `/consents/import?programme_id=${await newProgramme()}`,
      text: { type: 'text/csv', text: `phone,source\n+1202${5_570_000 + ++count},Line` },
    }),
    'POST /v1/suppressions': async () => ({
      path: '/suppressions',
      body: { numbers: [`+1202${5_590_000 + ++count}`] },
    }),
    'POST /v1/suppressions/import': async () => ({
      path: '/suppressions/import',
      text: { type: 'text/csv', text: `phone\n+1202${5_590_000 + ++count}` },
    }),
    'DELETE /v1/suppressions/{suppression_id}': async () => ({ path: `/suppressions/${await block()}` }),
    'PATCH /v1/opening-hours': async () => ({
      path: '/opening-hours',
      body: { holidays: true },
      headers: { 'if-match': '*' },
    }),
    'POST /v1/notices/test-mail': async () => ({ path: '/notices/test-mail', body: { to: 'fuzz@example.com' } }),
    'PATCH /v1/workspace': async () => ({ path: '/workspace', body: { name: 'Fuzz' }, headers: { 'if-match': '*' } }),
    'POST /v1/notices/{notice_id}/read': async () => ({ path: `/notices/${notice}/read` }),
    'POST /v1/messages': async () => ({ path: '/messages', body: message(`+1202${5_570_000 + ++count}`) }),
    'POST /v1/media': async () => ({
      path: '/media',
      text: { type: 'image/gif', text: `GIF89a0101${++count};` },
    }),
    'GET /v1/media/{media_id}': async () => ({ path: `/media/${shownPicture}` }),
    'GET /v1/media/{media_id}/content': async () => ({ path: `/media/${shownPicture}/content` }),
    'POST /v1/media/{media_id}/fetch': async () => ({ path: `/media/${await lost()}/fetch` }),
    'POST /v1/conversations/{contact_id}/handled': async () => ({ path: `/conversations/${people[0]}/handled` }),
    'GET /v1/queue/cancels/count': async () => ({ path: '/queue/cancels/count?lane=bulk' }),
    'GET /v1/queue/codes': async () => ({ path: '/queue/codes?lane=bulk' }),
    'GET /v1/queue/messages/{message_id}': async () => ({ path: `/queue/messages/${sent.data[0]?.id}` }),
    'POST /v1/queue/holds': async () => ({ path: '/queue/holds', body: { mode: 'pause', flow_id: await draft() } }),
    'DELETE /v1/queue/holds/{hold_id}': async () => ({ path: `/queue/holds/${await hold()}` }),
    'POST /v1/queue/cancels': async () => ({ path: '/queue/cancels', body: { flow_id: await draft() } }),
    'GET /v1/queue/retries/count': async () => ({ path: '/queue/retries/count?lane=bulk' }),
    'POST /v1/queue/retries': async () => ({ path: '/queue/retries', body: { flow_id: await draft() } }),
    'DELETE /v1/queue/retries/{retry_id}': async () => ({ path: `/queue/retries/${await retry()}` }),
    'POST /v1/queue/rates': async () => ({ path: '/queue/rates', body: { account_id: account, per_second: null } }),
    'POST /v1/queue/weights': async () => ({ path: '/queue/weights', body: { flow_id: flowId, weight: 2 } }),
    'POST /v1/queue/messages/{message_id}/decide': async () => ({
      path: `/queue/messages/${await unknown()}/decide`,
      body: { decision: 'arrived' },
    }),
    'POST /v1/webhooks': async () => {
      await roomForWebhook();
      return { path: '/webhooks', body: endpoint };
    },
    'GET /v1/webhooks/{webhook_id}': async () => ({ path: await webhook() }),
    'PATCH /v1/webhooks/{webhook_id}': async () => ({
      path: await webhook(),
      body: { enabled: true },
      headers: { 'if-match': '*' },
    }),
    'DELETE /v1/webhooks/{webhook_id}': async () => ({ path: await webhook(), headers: { 'if-match': '*' } }),
    'GET /v1/webhooks/{webhook_id}/secret': async () => ({ path: `${await webhook()}/secret` }),
    'POST /v1/webhooks/{webhook_id}/rotate-secret': async () => ({
      path: `${await webhook()}/rotate-secret`,
      body: {},
      headers: { 'if-match': '*' },
    }),
    'GET /v1/webhooks/{webhook_id}/deliveries': async () => ({ path: `${await webhook()}/deliveries` }),
    'GET /v1/webhooks/{webhook_id}/deliveries/{delivery_id}': async () => ({ path: await delivery() }),
    'POST /v1/webhooks/{webhook_id}/test': async () => ({ path: `${await webhook()}/test` }),
    'POST /v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay': async () => ({
      path: `${await delivery()}/replay`,
    }),
    'POST /v1/webhooks/{webhook_id}/replay-failed': async () => ({
      path: `${await webhook()}/replay-failed`,
      body: { since: '2026-11-22T17:35:00Z' },
    }),
    'POST /v1/demo/remove-sample-data': async () => ({ path: '/demo/remove-sample-data' }),
    'POST /v1/session/sign-out': async () => ({ path: '/session/sign-out', token: await api.token('full') }),
  };
  return { pool, directed, flowId };
}
