import { readId } from '@signalbox/engine/runtime/ids';
import { expect } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from '../api/client.ts';
import { until } from '../support/harness.ts';

export const campaignSchema = z.looseObject({
  id: z.string(),
  flow_id: z.string(),
  state: z.string(),
  revision: z.number(),
  next_at: z.string().nullable(),
  drawn_further: z.boolean(),
  message: z.record(z.string(), z.unknown()).nullable(),
  people: z.object({ expected: z.number(), let_in: z.number(), already_in_flow: z.number(), here: z.number() }),
  progress: z.object({ waiting: z.number(), sending: z.number(), sent: z.number(), not_sent: z.number() }),
  occurrences: z.array(z.looseObject({ at: z.string(), state: z.string(), let_in: z.number() })),
});
export type Campaign = z.infer<typeof campaignSchema>;
const madeSchema = z.looseObject({ id: z.string() });

/** An engine with its API on a clock that tests move on, by less than a day in all, as workflows do not see it, and campaigns to be made in it. */
export async function openCampaigns() {
  let skippedMs = 0;
  const now = () => new Date(Date.now() + skippedMs);
  const started = await startApiHarness({ work: true, clock: { now, monotonic: () => performance.now() } });
  // Hours are skipped: longer than tokens usually live.
  const token = await started.token('full', 'bearer', 1_000 * 86_400_000);
  const api: ApiHarness = {
    ...started,
    call: (method, path, options = {}) => started.call(method, path, { token, ...options }),
  };
  let made = 0;
  const post = (path: string, body?: object, headers: Record<string, string> = {}) =>
    api.call('POST', `/api/v1${path}`, { ...(body === undefined ? {} : { body }), headers });
  const patch = (id: string, body: object, revision: number | '*' = '*') =>
    api.call('PATCH', `/api/v1/campaigns/${id}`, {
      body,
      headers: { 'if-match': revision === '*' ? '*' : `"${revision}"` },
    });
  const read = async (id: string): Promise<Campaign> =>
    campaignSchema.parse((await api.call('GET', `/api/v1/campaigns/${id}`)).body);

  return {
    api,
    now,
    post,
    patch,
    read,
    pass: (ms: number) => {
      skippedMs += ms;
    },
    passUntil: (at: Date) => {
      skippedMs = at.getTime() - Date.now();
    },
    /** People of this call alone, on a list of their own. */
    async people(count: number, more: object = {}) {
      made += 1;
      const contacts = Array.from({ length: count }, (_, at) => ({
        phone: `+1202${String(5_570_000 + made * 100 + at)}`,
        first_name: `Person ${at}`,
        ...more,
      }));
      const answer = count === 0 ? { body: { data: [] } } : await post('/contacts/upsert', { contacts });
      const ids = z
        .object({ data: z.array(madeSchema) })
        .parse(answer.body)
        .data.map(({ id }) => id);
      const list = madeSchema.parse((await post('/contact-lists', { name: `List ${made}`, kind: 'list' })).body).id;
      if (count > 0) await post(`/contact-lists/${list}/members`, { action: 'add', contact_ids: ids });
      return { ids, list, phones: contacts.map(({ phone }) => phone) };
    },
    async create(body: object): Promise<Campaign> {
      made += 1;
      const answer = await post('/campaigns', {
        name: `Campaign ${made}`,
        message: { text: 'The sale begins.', purpose: 'transactional' },
        ...body,
      });
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
      return campaignSchema.parse(answer.body);
    },
    async launch(id: string): Promise<Campaign> {
      const answer = await post(`/campaigns/${id}/launch`, undefined, { 'if-match': '*' });
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      return campaignSchema.parse(answer.body);
    },
    reaches: (id: string, what: string, reached: (campaign: Campaign) => boolean) =>
      until(what, async () => {
        const campaign = await read(id);
        return reached(campaign) ? campaign : null;
      }),
    /** Resolves once it is over; time goes by meanwhile. */
    over: (id: string) =>
      until('the end', async () => {
        skippedMs += 1_000;
        const campaign = await read(id);
        return campaign.state === 'done' ? campaign : null;
      }),
    /** How many texts each number got, in their order. */
    got: (phones: readonly string[], text?: string) =>
      phones.map((phone) => {
        const sent = api.carrier.ledger.ofPhone(phone).filter(({ origin }) => origin === 'api');
        return sent.filter(({ body }) => text === undefined || body === text).length;
      }),
    /** Contacts whom a campaign let in, of each of its occurrences. */
    taken: (id: string) =>
      api.inTx((tx) =>
        tx
          .selectFrom('campaign_people')
          .select(['occurrence_id', 'contact_id'])
          .where('campaign_id', '=', readId('cmp', id) ?? '')
          .execute(),
      ),
    close: () => api.close(),
  };
}
