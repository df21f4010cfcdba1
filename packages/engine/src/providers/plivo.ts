import type { ComplianceKind } from '@signalbox/nodes/text/compliance-words';
import { parsePhone } from '@signalbox/nodes/text/phone-number';
import { z } from 'zod';
import { type OutgoingAnswer, type OutgoingClient, withinOrigin } from '../http/outgoing.ts';
import { actingOn } from './carrier-words.ts';
import { createFormReader, fieldsOf, formTold } from './forms.ts';
import { withoutPlus, withPlus } from './numbers.ts';
import {
  basicAuthorization,
  checkBalance,
  documentOf,
  errorCodeOf,
  microUnits,
  outcomeOfSend,
  parseJson,
  refusalsByStatus,
  refusedBy,
} from './outcomes.ts';
import { northAmerica, pictures } from './pictures.ts';
import { failures, refusedParameters } from './plivo-errors.ts';
import { isSignedByPlivo, schemes } from './plivo-signature.ts';
import { postJson } from './posts.ts';
import {
  type ConnectedAs,
  type Connection,
  defineProvider,
  type InboundSms,
  type LookupAnswer,
  type LookupQuery,
  type Money,
  type OutboundSms,
  type ProviderEvent,
  type ReceiptStatus,
  type SendOutcome,
  type WebhookRequest,
} from './provider.ts';
import { receivedMedia } from './received-media.ts';

const fields = z.object({
  auth_id: z
    .string()
    .regex(/^[MS]A[A-Z0-9]{10,30}$/)
    .meta({
      ui: { label: 'Auth ID', help: 'On the overview page of Plivo’s console.', placeholder: 'MA…', control: 'text' },
    }),
  auth_token: z
    .string()
    .min(16)
    .max(128)
    .meta({ ui: { label: 'Auth token', help: 'Beside the auth ID.', control: 'text' } }),
  signature: z
    .enum(schemes)
    .default('V3')
    .meta({
      ui: {
        label: 'Signature version',
        help: 'Plivo promises V2 alone for text messages. V2 proves where a request came from, not what it says: choose it only if V3 refuses texts that Plivo shows as received.',
        control: 'select',
        options: [
          { value: 'V3', label: 'V3' },
          { value: 'V2', label: 'V2' },
        ],
      },
    }),
});

type Account = ConnectedAs<z.infer<typeof fields>>;

/** Plivo's Messaging API: https://www.plivo.com/docs/messaging/api/messages */
export const plivo = defineProvider({
  type: 'plivo',
  title: 'Plivo',
  baseUrl: 'https://api.plivo.com',
  account: {
    fields,
    identity: 'auth_id',
    secrets: ['auth_token'],
    example: { auth_id: 'MAEXAMPLE0EXAMPLE0EX', auth_token: 'the-auth-token-of-the-account', signature: 'V3' },
  },
  senders: ['long_code', 'short_code', 'toll_free', 'alphanumeric'],
  capabilities: { media: true, signed: true, answersOptOuts: true, polls: false },
  unverified: 'Plivo does not promise that texts and receipts carry a V3 signature: if texts do not arrive, choose V2.',
  limits: {
    textLength: { gsm7: 1_600, ucs2: 737 },
    reference: 0,
    // https://support.plivo.com/hc/en-us/sections/360008302871-MMS
    media: {
      files: 10,
      bytes: 5_000_000,
      types: pictures(5_000_000),
      countries: northAmerica,
      bytesFrom: { alphanumeric: 0 },
    },
  },
  webhooks: {
    methods: ['GET', 'POST'],
    acknowledgement: { contentType: 'application/xml', body: '<?xml version="1.0" encoding="UTF-8"?><Response/>' },
  },
  demo: { known: ({ auth_token, signature }) => ({ auth_token, signature }) },
  connect(account, http): Connection {
    const readForm = createFormReader();
    return {
      fileHeaders: { authorization: authorization(account) },
      send: (message, timeoutMs) => send(account, http, message, timeoutMs),
      lookup: (query, timeoutMs) => lookUp(account, http, query, timeoutMs),
      check: (timeoutMs) =>
        checkBalance(
          () => get(account, http, accountPath(account), timeoutMs),
          (text) => {
            const { cash_credits: credits } = accountSchema.parse(JSON.parse(text));
            return credits === null || credits === undefined
              ? null
              : { microUnits: microUnits(credits), currency: 'USD' };
          },
        ),
      price: (to, timeoutMs) => priceOf(account, http, to, timeoutMs),
      verify: (request) => isSignedByPlivo(request, readForm(request.rawBody), account.credentials),
      read: (request) => {
        const told = formTold(request, () => readForm(request.rawBody));
        return [readEvent(request, new Map(Object.entries(fieldsOf(told))))];
      },
    };
  },
});

/** One id where the number was taken, none where it is among the invalid ones. */
const takenSchema = z.object({
  message_uuid: z.array(z.string().min(1).max(64)).default([]),
  invalid_number: z.array(z.string()).default([]),
});
const errorSchema = z.object({ error: z.string() });
/** A subaccount has no credits of its own. */
const accountSchema = z.object({ cash_credits: z.union([z.string(), z.number()]).nullish() });
const pricingSchema = z.object({
  message: z.object({ outbound: z.object({ rate: z.union([z.string(), z.number()]).nullable() }) }),
});
const listSchema = z.object({
  meta: z.object({ next: z.string().nullable().optional() }),
  objects: z.array(z.object({ to_number: z.string() })),
});
const receiptSchema = z.object({
  MessageUUID: z.string().min(1).max(64),
  ParentMessageUUID: z.string().max(64).default(''),
  Status: z.string().min(1).max(32),
  ErrorCode: z.string().max(16).default(''),
  TotalAmount: z.string().max(32).default(''),
});
const inboundSchema = z.object({
  MessageUUID: z.string().min(1).max(64),
  From: z.string().min(1).max(32),
  To: z.string().min(3).max(20),
  Type: z.enum(['sms', 'mms']).default('sms'),
  /** `Body` is what the text of an MMS is called. */
  Text: z.string().max(10_000).optional(),
  Body: z.string().max(10_000).optional(),
  MessageIntent: z.string().max(16).optional(),
});

const statuses: ReadonlyMap<string, ReceiptStatus> = new Map(
  Object.entries<ReceiptStatus>({
    queued: 'accepted',
    sent: 'sent',
    delivered: 'delivered',
    read: 'delivered',
    undelivered: 'undelivered',
    failed: 'failed',
    rejected: 'failed',
  }),
);

const intents: ReadonlyMap<string, ComplianceKind> = new Map(
  Object.entries<ComplianceKind>({ optout: 'stop', optin: 'start', help: 'help' }),
);

/** https://www.plivo.com/docs/messaging/concepts/dnd-service */
const byDefault = actingOn({
  stop: ['STOP', 'END', 'QUIT', 'CANCEL', 'UNSUB', 'UNSUBSCRIBE', 'STOP ALL'],
  start: ['START', 'UNSTOP'],
  help: ['HELP', 'INFO'],
});

function send(
  account: Account,
  http: OutgoingClient,
  { from, to, body, media, callbackUrl }: OutboundSms,
  timeoutMs: number,
): Promise<SendOutcome> {
  const message = {
    src: withoutPlus(from),
    dst: withoutPlus(to),
    text: body,
    url: callbackUrl,
    method: 'POST',
    ...(media.length === 0 ? { type: 'sms' } : { type: 'mms', media_urls: media.map(({ url }) => url) }),
  };
  const url = `${account.baseUrl}${accountPath(account)}Message/`;
  const post = postJson(url, { authorization: authorization(account) }, message, timeoutMs);
  return outcomeOfSend(() => http.request(post), sendOutcome);
}

function sendOutcome(answer: OutgoingAnswer): SendOutcome {
  const { status, text } = answer;
  const json = parseJson(text);
  if (status >= 200 && status < 300) {
    const { success, data } = takenSchema.safeParse(json);
    const [providerId, ...partIds] = data?.message_uuid ?? [];
    if (providerId !== undefined) return { kind: 'accepted', providerId, ...(partIds.length > 0 ? { partIds } : {}) };
    return success && data.invalid_number.length > 0
      ? { kind: 'refused', errorClass: 'invalid_number', code: 'invalid_number', retryAfterMs: null }
      : { kind: 'ambiguous', code: `unreadable_${status}` };
  }
  // Of refusals there is a status and a sentence, and no code. Whatever else comes back leaves a doubt.
  const byStatus = refusalsByStatus.get(status);
  if (byStatus === undefined) return { kind: 'ambiguous', code: `http_${status}` };
  const said = errorSchema.safeParse(json).data?.error ?? '';
  const named = refusedParameters.find(([words]) => status === 400 && words.test(said));
  return refusedBy(answer, named?.[1] ?? byStatus);
}

const pageSize = 20;
/** Plivo answers twenty such requests a minute. */
const mostPages = 5;

/**
 * The list holds no text, so that it can only say that nothing went to the number; and not even that where the account keeps numbers to
 * itself (`141XXXXX528`). https://www.plivo.com/docs/messaging/api/messages
 *
 * @throws Error where it cannot be read.
 */
async function lookUp(
  account: Account,
  http: OutgoingClient,
  query: LookupQuery,
  timeoutMs: number,
): Promise<LookupAnswer> {
  const since = new Date(query.since.getTime() - 60_000).toISOString().slice(0, 19).replace('T', ' ');
  const filter = { message_direction: 'outbound', message_time__gte: since, limit: String(pageSize) };
  let next: string | null = `${accountPath(account)}Message/?${new URLSearchParams(filter)}`;
  for (let page = 0; next !== null; page += 1) {
    if (page === mostPages) return 'cannot_tell';
    const answer = await get(account, http, next, timeoutMs);
    const { objects, meta }: z.infer<typeof listSchema> = documentOf(answer, listSchema, "Plivo's message list");
    const to = withoutPlus(query.to);
    if (objects.some(({ to_number: number }) => !/^\+?\d+$/.test(number) || withoutPlus(number) === to))
      return 'cannot_tell';
    next = meta.next ?? null;
  }
  return [];
}

/** https://www.plivo.com/docs/account/api/pricing  @throws Error where it cannot be asked. */
async function priceOf(account: Account, http: OutgoingClient, to: string, timeoutMs: number): Promise<Money | null> {
  const phone = parsePhone(to);
  if (!phone.ok || phone.country === null) return null;
  const answer = await get(account, http, `${accountPath(account)}Pricing/?country_iso=${phone.country}`, timeoutMs);
  if (answer.status === 400 || answer.status === 404) return null;
  const { rate } = documentOf(answer, pricingSchema, "Plivo's prices").message.outbound;
  return rate === null ? null : { microUnits: microUnits(rate), currency: 'USD' };
}

function readEvent({ address, query }: WebhookRequest, told: ReadonlyMap<string, string>): ProviderEvent {
  return (address === 'status' ? readReceipt(told, query.get('attempt')) : readText(told)) ?? { kind: 'unknown' };
}

function readReceipt(told: ReadonlyMap<string, string>, reference: string | null): ProviderEvent | null {
  const { data } = receiptSchema.safeParse(Object.fromEntries(told));
  const status = statuses.get(data?.Status.trim().toLowerCase() ?? '');
  if (data === undefined || status === undefined) return null;
  const errorCode = errorCodeOf(data.ErrorCode);
  return {
    kind: 'receipt',
    providerId: data.ParentMessageUUID === '' ? data.MessageUUID : data.ParentMessageUUID,
    reference,
    status,
    errorCode,
    failure: errorCode === null ? null : (failures.get(errorCode.replace(/^0+/, '')) ?? null),
    ...costOf(data.TotalAmount),
  };
}

function costOf(amount: string): { cost?: Money } {
  return /^\d+(\.\d+)?$/.test(amount) ? { cost: { microUnits: microUnits(amount), currency: 'USD' } } : {};
}

function readText(told: ReadonlyMap<string, string>): ProviderEvent | null {
  const { data } = inboundSchema.safeParse(Object.fromEntries(told));
  if (data === undefined) return null;
  const body = data.Text ?? data.Body ?? '';
  return {
    kind: 'text',
    providerId: data.MessageUUID,
    from: withPlus(data.From),
    to: withPlus(data.To),
    body,
    media: receivedMedia(mediaNames.map((name) => ({ url: told.get(name) ?? '' }))),
    carrierWord: carrierWord(body, data.MessageIntent),
  };
}

/** Ten at most; documents count them from 0 and from 1. */
const mediaNames = Array.from({ length: 11 }, (_, index) => `Media${index}`);

/** What Plivo does about a text: MessageIntent says it, also that it does nothing; where it is missing, its default keywords. */
function carrierWord(body: string, intent: string | undefined): InboundSms['carrierWord'] {
  if (intent !== undefined) {
    const stated = intents.get(intent.trim().toLowerCase());
    return stated === undefined ? null : { kind: stated, stated: true };
  }
  return byDefault(body);
}

function accountPath({ credentials }: Account): string {
  return `/v1/Account/${credentials.auth_id}/`;
}

function authorization({ credentials }: Account): string {
  return basicAuthorization(credentials.auth_id, credentials.auth_token);
}

function get(account: Account, http: OutgoingClient, path: string, timeoutMs: number): Promise<OutgoingAnswer> {
  return http.request({
    method: 'GET',
    url: withinOrigin(account.baseUrl, path),
    headers: { authorization: authorization(account) },
    timeoutMs,
  });
}
