import { createHmac } from 'node:crypto';
import { sameText } from '@signalbox/engine/providers/outcomes';
import { defineProvider, type ProviderEvent, type WebhookRequest } from '@signalbox/engine/providers/provider';
import { z } from 'zod';
import { webhookRequest } from '../webhook-request.ts';
import type { SignedWebhook, StartWire } from '../wire.ts';
import { startFake } from './fake.ts';
import { ask, checker, sender } from './sending.ts';

/**
 * Calls by GET: what happened stands in the query with the moment, and the signature covers the address alone. Texts come in parts; its
 * list holds none.
 */

/** When everything here is sent and comes. */
export const sentAt = new Date('2026-03-02T15:00:00Z');
const mostLateMs = 5 * 60_000;

const sign = (secret: string, url: string) => createHmac('sha256', secret).update(url).digest('hex');

const textSchema = z.object({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  text: z.string(),
  concat: z
    .string()
    .regex(/^\w+\.\d\.\d$/)
    .optional(),
});
const receiptSchema = z.object({ id: z.string(), status: z.enum(['sent', 'delivered', 'failed']), ref: z.string() });

export const byQuery = defineProvider({
  type: 'by-query',
  title: 'by query',
  baseUrl: 'https://query.example.com',
  account: {
    fields: z.object({ key: z.string(), secret: z.string() }),
    identity: 'key',
    secrets: ['secret'],
    example: { key: 'k', secret: 's' },
  },
  senders: ['long_code', 'alphanumeric'],
  capabilities: { media: false, signed: true, answersOptOuts: false, polls: false },
  limits: { textLength: { gsm7: 765, ucs2: 335 }, reference: 20 },
  webhooks: { methods: ['GET'], acknowledgement: { contentType: 'text/plain', body: 'OK' } },
  connect: ({ credentials, baseUrl }, http) => ({
    send: sender(http, baseUrl, credentials.key, 20),
    check: checker(http, baseUrl, credentials.key),
    lookup: async (_, timeoutMs) => {
      await ask(http, `${baseUrl}/texts`, timeoutMs);
      return 'cannot_tell';
    },
    verify: ({ url, header, query, receivedAt }) =>
      sameText(header('x-signature') ?? '', sign(credentials.secret, url)) &&
      Math.abs(receivedAt.getTime() - Number(query.get('at'))) <= mostLateMs,
    read: ({ address, query }) => {
      const given = Object.fromEntries(query);
      if (address === 'sms') {
        const text = textSchema.safeParse(given);
        if (!text.success) return [{ kind: 'unknown' }];
        const { id, from, to, text: body, concat } = text.data;
        const [reference = '', index, of] = concat?.split('.') ?? [];
        const part = concat === undefined ? {} : { part: { reference, index: Number(index), of: Number(of) } };
        return [{ kind: 'text', providerId: id, from, to, body, media: [], carrierWord: null, ...part }];
      }
      const receipt = receiptSchema.safeParse(given);
      if (!receipt.success) return [{ kind: 'unknown' }];
      const { id, status, ref } = receipt.data;
      return [{ kind: 'receipt', providerId: id, reference: ref, status, errorCode: null, failure: null }];
    },
  }),
});

/** A request as it makes one to an address of an account. */
export function called(
  address: WebhookRequest['address'],
  params: Record<string, string>,
  { secret = 's', base = `https://signalbox.example.com/webhooks/by-query/1/${address}`, at = sentAt } = {},
): WebhookRequest {
  const query = new URLSearchParams({ ...params, at: String(at.getTime()) });
  const url = `${base}?${query}`;
  const signature = sign(secret, url);
  return webhookRequest({ method: 'GET', address, url, headers: { 'x-signature': signature }, receivedAt: at });
}

function webhook(
  address: WebhookRequest['address'],
  params: Record<string, string>,
  event: ProviderEvent,
): SignedWebhook {
  const request = called(address, params);
  return {
    name: event.kind,
    request,
    events: [event],
    spoilt: {
      unsigned: [{ ...request, header: () => undefined }],
      foreign: [called(address, params, { secret: 'another' })],
      changed: [{ ...called(address, { ...params, id: 'another' }), header: request.header }],
      stale: [{ ...request, receivedAt: new Date(sentAt.getTime() + mostLateMs + 1) }],
    },
  };
}

export const byQueryWire: StartWire = async () => {
  const fake = await startFake([], 1, 'k');
  return {
    ...fake,
    account: { credentials: { key: 'k', secret: 's' }, baseUrl: fake.url, origins: {} },
    stranger: { key: 'x', secret: 's' },
    from: 'Our shop',
    to: '+12025550143',
    webhooks: [
      webhook(
        'sms',
        { id: 'in-1', from: '12025550143', to: '12025550100', text: 'Hello & bye', concat: 'c1.1.2' },
        {
          kind: 'text',
          providerId: 'in-1',
          from: '12025550143',
          to: '12025550100',
          body: 'Hello & bye',
          media: [],
          carrierWord: null,
          part: { reference: 'c1', index: 1, of: 2 },
        },
      ),
      webhook(
        'status',
        { id: 'id-1', status: 'delivered', ref: 'r1' },
        { kind: 'receipt', providerId: 'id-1', reference: 'r1', status: 'delivered', errorCode: null, failure: null },
      ),
    ],
    unreadable: [called('sms', { id: 'in-1' }), called('status', { id: 'id-1', status: 'dreaming', ref: '' })],
    lookup: [{ name: 'the list holds no texts', answer: 'cannot_tell' }],
  };
};
