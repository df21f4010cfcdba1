import { parseJson } from '@signalbox/engine/providers/outcomes';
import {
  defineProvider,
  type OptedOut,
  type ProviderEvent,
  type WebhookRequest,
} from '@signalbox/engine/providers/provider';
import { z } from 'zod';
import { webhookRequest } from '../webhook-request.ts';
import type { StartWire } from '../wire.ts';
import { startFake } from './fake.ts';
import { ask, checker, sender } from './sending.ts';

/** Posts arrays of events, signs nothing, echoes our reference, and offers all that a provider may. */

const entrySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('received'),
    id: z.string().nullable(),
    from: z.string(),
    to: z.string(),
    text: z.string(),
    part: z.object({ reference: z.string(), index: z.int().positive(), of: z.int().positive() }).optional(),
  }),
  z.object({ type: z.literal('changed'), id: z.string() }),
  z.object({ type: z.literal('delivered'), id: z.string(), tag: z.string() }),
]);
const listSchema = z.array(z.object({ id: z.string(), ref: z.string().nullable() }));
const optOutsSchema = z.array(z.object({ number: z.string(), at: z.coerce.date() }));
const newsSchema = z.array(z.unknown());
const priceSchema = z.object({ price: z.string().nullable() });

function eventOf(entry: unknown): ProviderEvent {
  const { success, data } = entrySchema.safeParse(entry);
  if (!success) return { kind: 'unknown' };
  if (data.type === 'delivered')
    return {
      kind: 'receipt',
      providerId: data.id,
      reference: data.tag,
      status: 'delivered',
      errorCode: null,
      failure: null,
    };
  if (data.type === 'changed') return { kind: 'hint', providerId: data.id };
  const { id, from, to, text, part } = data;
  return {
    kind: 'text',
    providerId: id,
    from,
    to,
    body: text,
    media: [],
    carrierWord: null,
    ...(part === undefined ? {} : { part }),
  };
}

export const inArrays = defineProvider({
  type: 'in-arrays',
  title: 'in arrays',
  baseUrl: 'https://arrays.example.com',
  account: {
    fields: z.object({ user: z.string(), password: z.string() }),
    identity: 'user',
    secrets: ['password'],
    example: { user: 'u', password: 'p' },
  },
  senders: ['long_code', 'toll_free'],
  capabilities: { media: false, signed: false, answersOptOuts: true, polls: true },
  limits: { textLength: { gsm7: 2_048, ucs2: 2_048 }, reference: 1_024 },
  webhooks: { methods: ['POST'], acknowledgement: { contentType: 'application/json', body: '{}' } },
  connect: ({ credentials, baseUrl }, http) => ({
    send: sender(http, baseUrl, credentials.user, 1_024),
    check: checker(http, baseUrl, credentials.user),
    lookup: async ({ reference }, timeoutMs) => {
      const list = listSchema.parse(await ask(http, `${baseUrl}/texts`, timeoutMs));
      if (list.some(({ ref }) => ref === null)) return 'cannot_tell';
      return list
        .filter(({ ref }) => ref === reference)
        .map(({ id }) => ({ providerId: id, createdAt: new Date(0), status: 'accepted' }));
    },
    optOuts: async (since, timeoutMs) => {
      const from = since === null ? '' : `?since=${since.toISOString()}`;
      return optOutsSchema.parse(await ask(http, `${baseUrl}/opt-outs${from}`, timeoutMs));
    },
    price: async (to, timeoutMs) => {
      const asked = `${baseUrl}/prices?to=${encodeURIComponent(to)}`;
      const { price } = priceSchema.parse(await ask(http, asked, timeoutMs));
      return price === null ? null : { microUnits: BigInt(Math.round(Number(price) * 1_000_000)), currency: 'USD' };
    },
    costOf: async (providerId, timeoutMs) => {
      const { price } = priceSchema.parse(await ask(http, `${baseUrl}/costs?id=${providerId}`, timeoutMs));
      return price === null ? null : { microUnits: BigInt(Math.round(Number(price) * 1_000_000)), currency: 'USD' };
    },
    confirm: async (providerId, timeoutMs) =>
      newsSchema.parse(await ask(http, `${baseUrl}/news?id=${providerId}`, timeoutMs)).map(eventOf),
    poll: async (since, timeoutMs) =>
      newsSchema.parse(await ask(http, `${baseUrl}/news?since=${since.toISOString()}`, timeoutMs)).map(eventOf),
    read: ({ rawBody }) => {
      const entries = parseJson(rawBody);
      return Array.isArray(entries) ? entries.map(eventOf) : [{ kind: 'unknown' }];
    },
  }),
});

function posted(address: WebhookRequest['address'], body: unknown): WebhookRequest {
  const url = `https://signalbox.example.com/webhooks/in-arrays/1/${address}`;
  return webhookRequest({ address, url, rawBody: JSON.stringify(body) });
}

const delivered: ProviderEvent = {
  kind: 'receipt',
  providerId: 'id-1',
  reference: 'r1',
  status: 'delivered',
  errorCode: null,
  failure: null,
};
const heard: ProviderEvent = {
  kind: 'text',
  providerId: 'in-1',
  from: '+12025550143',
  to: '+12025550100',
  body: 'Hello',
  media: [],
  carrierWord: null,
};

const optOuts: readonly OptedOut[] = [
  { number: '+12025550143', at: new Date('2026-01-01T00:00:00Z') },
  { number: '+12025550144', at: new Date('2026-02-01T00:00:00Z') },
];

export const inArraysWire: StartWire = async () => {
  const fake = await startFake(optOuts, 2, 'u');
  return {
    ...fake,
    account: { credentials: { user: 'u', password: 'p' }, baseUrl: fake.url, origins: {} },
    stranger: { user: 'x', password: 'p' },
    from: '+12025550100',
    to: '+12025550143',
    webhooks: [
      {
        name: 'an array of a receipt and a text',
        request: posted('sms', [
          { type: 'delivered', id: 'id-1', tag: 'r1' },
          { type: 'received', id: 'in-1', from: '+12025550143', to: '+12025550100', text: 'Hello' },
        ]),
        events: [delivered, heard],
        spoilt: null,
      },
      { name: 'an empty array', request: posted('status', []), events: [], spoilt: null },
    ],
    unreadable: [posted('sms', [{ type: 'dreamt' }]), posted('status', {})],
    lookup: [
      { name: 'the list holds our references', answer: 'found' },
      { name: 'the list holds none', arrange: fake.forgetReferences, answer: 'cannot_tell' },
    ],
    confirm: [{ providerId: 'in-1', events: [heard] }],
    poll: async () => ({ since: new Date('2026-03-02T00:00:00Z'), events: [delivered, heard] }),
    optOuts,
    costOf: async () => ({ providerId: 'id-0001', cost: { microUnits: 15_800n, currency: 'USD' } }),
    price: [
      { to: '+12025550143', price: { microUnits: 7_900n, currency: 'USD' } },
      { to: '+436641234567', price: null },
    ],
  };
};
