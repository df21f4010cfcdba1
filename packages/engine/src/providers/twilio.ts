import { createHmac } from 'node:crypto';
import type { ComplianceKind } from '@signalbox/nodes/text/compliance-words';
import { z } from 'zod';
import { type OutgoingAnswer, type OutgoingClient, withinOrigin } from '../http/outgoing.ts';
import { actingOn } from './carrier-words.ts';
import { createFormReader, type Form, fieldsOf } from './forms.ts';
import {
  acceptedBy,
  basicAuthorization,
  checkBalance,
  documentOf,
  errorCodeOf,
  microUnits,
  outcomeOfSend,
  parseJson,
  refusalsByStatus,
  refusedBy,
  refuses,
  sameText,
} from './outcomes.ts';
import { pictures } from './pictures.ts';
import { postForm } from './posts.ts';
import {
  type Checked,
  type ConnectedAs,
  type Connection,
  defineProvider,
  type ErrorClass,
  type FailureClass,
  type InboundMedia,
  type InboundSms,
  type ListedMessage,
  type LookupQuery,
  type Money,
  type ProviderEvent,
  type ReceiptStatus,
  type SendOutcome,
  type WebhookRequest,
} from './provider.ts';
import { mostFiles, receivedMedia } from './received-media.ts';

const fields = z.object({
  account_sid: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/)
    .meta({
      ui: { label: 'Account SID', help: 'On the start page of Twilio’s Console.', placeholder: 'AC…', control: 'text' },
    }),
  auth_token: z
    .string()
    .min(16)
    .max(128)
    .meta({ ui: { label: 'Auth token', help: 'Below the account SID.', control: 'text' } }),
});

type Account = ConnectedAs<z.infer<typeof fields>>;

/** Twilio's Messaging API, 2010-04-01: https://www.twilio.com/docs/messaging/api/message-resource */
export const twilio = defineProvider({
  type: 'twilio',
  title: 'Twilio',
  baseUrl: 'https://api.twilio.com',
  account: {
    fields,
    identity: 'account_sid',
    secrets: ['auth_token'],
    example: {
      account_sid: `AC${'0123456789abcdef'.repeat(2)}`,
      auth_token: 'the-auth-token-of-the-account',
    },
  },
  senders: ['long_code', 'short_code', 'toll_free', 'alphanumeric'],
  capabilities: { media: true, signed: true, answersOptOuts: true, polls: true },
  limits: {
    textLength: { gsm7: 1_600, ucs2: 1_600 },
    reference: 0,
    // https://www.twilio.com/docs/messaging/guides/accepted-mime-types
    media: { files: 10, bytes: 5_000_000, types: pictures(5_000_000) },
  },
  webhooks: {
    methods: ['POST'],
    acknowledgement: { contentType: 'text/xml', body: '<?xml version="1.0" encoding="UTF-8"?><Response/>' },
  },
  demo: {
    sample: (hex) => ({ account_sid: `AC${hex(16)}`, auth_token: hex(16) }),
    known: ({ auth_token }) => ({ auth_token }),
  },
  connect(account, http): Connection {
    const readForm = createFormReader();
    return {
      fileHeaders: { authorization: authorization(account) },
      send(message, timeoutMs) {
        const form = new URLSearchParams([
          ['To', message.to],
          ['From', message.from],
          ['Body', message.body],
          ...message.media.map(({ url }): [string, string] => ['MediaUrl', url]),
          ['StatusCallback', message.callbackUrl],
        ]);
        const url = `${account.baseUrl}${messagesPath(account)}`;
        const post = postForm(url, { authorization: authorization(account) }, form, timeoutMs);
        return outcomeOfSend(() => http.request(post), sendOutcome);
      },
      lookup: (query, timeoutMs) => lookUp(account, http, query, timeoutMs),
      check: (timeoutMs) => check(account, http, timeoutMs),
      costOf: (providerId, timeoutMs) => costOf(account, http, providerId, timeoutMs),
      poll: (since, timeoutMs) => poll(account, http, since, timeoutMs),
      verify: (request) => verify(account, request, readForm(request.rawBody)),
      read: (request) => [readEvent(request, fieldsOf(readForm(request.rawBody)))],
    };
  },
});

const createdSchema = z.object({ sid: z.string().regex(/^(SM|MM)[0-9a-f]{32}$/) });
const errorSchema = z.object({ code: z.number().int() });
const balanceSchema = z.object({ balance: z.string(), currency: z.string() });
/** What a message cost, as an amount that was taken: below zero. Null until Twilio knows. */
const priceFields = {
  price: z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .nullable()
    .catch(null),
  price_unit: z
    .string()
    .regex(/^[A-Za-z]{3}$/)
    .nullable()
    .catch(null),
};
const pricedSchema = z.object(priceFields);
const listSchema = z.object({
  messages: z.array(
    z.object({
      sid: z.string(),
      body: z.string().nullable(),
      to: z.string(),
      from: z.string().nullable(),
      status: z.string(),
      date_created: z.string(),
      date_updated: z.string(),
      direction: z.string(),
      error_code: z.number().nullable(),
      num_media: z.string().nullable().optional(),
      ...priceFields,
    }),
  ),
  next_page_uri: z.string().nullable().optional(),
});
/** Some receipts come under the names that the API had before: SmsSid and SmsStatus. */
const receiptSchema = z.object({
  MessageSid: z.string().min(1).max(64),
  MessageStatus: z.string().min(1).max(32),
  ErrorCode: z.string().max(16).optional(),
});
const inboundSchema = z.object({
  MessageSid: z.string().min(1).max(64),
  // A number, a short code or a name. An address with a colon is of another channel than SMS.
  From: z.string().regex(/^[^:]{1,32}$/),
  To: z.string().min(3).max(20),
  Body: z.string().max(1_600).default(''),
  OptOutType: z.string().max(16).optional(),
  NumMedia: z.coerce.number().int().min(0).catch(0),
});

/** Twilio error codes by class; codes not listed go by the HTTP status. https://www.twilio.com/docs/api/errors */
const errorClasses: ReadonlyMap<string, ErrorClass> = new Map(
  Object.entries<ErrorClass>({
    '21211': 'invalid_number',
    '21214': 'invalid_number',
    '21604': 'invalid_number',
    '21614': 'invalid_number',
    '21610': 'opted_out',
    '21408': 'unsupported',
    '21612': 'unsupported',
    '21212': 'sender',
    '21603': 'sender',
    '21606': 'sender',
    '21659': 'sender',
    '21602': 'invalid_message',
    '21617': 'invalid_message',
    '21611': 'throttled',
    '20429': 'throttled',
    '14107': 'throttled',
    '20003': 'auth',
    '20404': 'auth',
    '30002': 'funds',
    '20503': 'transient',
  }),
);

/** Of receipts: those of a refusal, and what happens on the way. */
const failures: ReadonlyMap<string, FailureClass> = new Map<string, FailureClass>([
  ...errorClasses,
  ...Object.entries<FailureClass>({
    '30001': 'expired',
    '30003': 'transient',
    '30004': 'blocked',
    '30005': 'invalid_number',
    '30006': 'unsupported',
    '30007': 'blocked',
    '30008': 'transient',
    '30017': 'transient',
    '30018': 'sender',
    '30022': 'throttled',
    '30023': 'throttled',
    '30024': 'sender',
    '30032': 'sender',
    '30034': 'sender',
    '30036': 'expired',
  }),
]);

const statuses: ReadonlyMap<string, ReceiptStatus> = new Map(
  Object.entries<ReceiptStatus>({
    accepted: 'accepted',
    scheduled: 'accepted',
    queued: 'accepted',
    sending: 'accepted',
    sent: 'sent',
    partially_delivered: 'sent',
    delivered: 'delivered',
    read: 'delivered',
    undelivered: 'undelivered',
    failed: 'failed',
    canceled: 'canceled',
  }),
);

const optOutTypes: ReadonlyMap<string, ComplianceKind> = new Map(
  Object.entries<ComplianceKind>({ STOP: 'stop', START: 'start', HELP: 'help' }),
);

/** https://help.twilio.com/articles/223134027 */
const byDefault = actingOn({
  stop: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'],
  start: ['START', 'YES', 'UNSTOP'],
  help: ['HELP', 'INFO'],
});

/** Twilio's signature: base64(HMAC-SHA1(token, URL + Σ sorted(key + value))), repeated values de-duplicated and sorted. */
function twilioSignature(authToken: string, url: string, form: Form): string {
  let signed = url;
  for (const name of [...form.keys()].sort()) {
    const values = form.get(name) ?? [];
    if (values.length === 1) signed += name + values[0];
    else for (const value of [...new Set(values)].sort()) signed += name + value;
  }
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64');
}

const mostPages = 20;

type Listed = z.infer<typeof listSchema>['messages'][number];

/** Twilio's list, which filters by day alone, newest first. @throws Error where it cannot be read. */
async function* listed(
  account: Account,
  http: OutgoingClient,
  since: Date,
  filter: Readonly<Record<string, string>>,
  timeoutMs: number,
): AsyncGenerator<Listed> {
  const query = new URLSearchParams({ ...filter, 'DateSent>': since.toISOString().slice(0, 10), PageSize: '100' });
  let next: string | null = `${messagesPath(account)}?${query}`;
  for (let page = 0; next !== null && page < mostPages; page += 1) {
    const answer = await http.request({
      method: 'GET',
      url: withinOrigin(account.baseUrl, next),
      headers: { authorization: authorization(account) },
      timeoutMs,
    });
    const list: z.infer<typeof listSchema> = documentOf(answer, listSchema, "Twilio's message list");
    yield* list.messages;
    next = list.next_page_uri ?? null;
  }
}

/** The exact moment and the text are compared here. @throws Error where the list cannot be read. */
async function lookUp(
  account: Account,
  http: OutgoingClient,
  query: LookupQuery,
  timeoutMs: number,
): Promise<ListedMessage[]> {
  const found: ListedMessage[] = [];
  const since = new Date(query.since.getTime() - 60_000);
  const earliest = new Date(since.getTime() + 30_000);
  for await (const message of listed(account, http, since, { To: query.to, From: query.from }, timeoutMs)) {
    const createdAt = new Date(message.date_created);
    const ours = message.body === query.body && message.to === query.to && message.from === query.from;
    if (ours && createdAt >= earliest)
      found.push({ providerId: message.sid, createdAt, status: statuses.get(message.status) ?? 'accepted' });
  }
  return found;
}

/** https://www.twilio.com/docs/messaging/api/message-resource#message-properties @throws Error where it cannot be asked. */
async function costOf(
  account: Account,
  http: OutgoingClient,
  providerId: string,
  timeoutMs: number,
): Promise<Money | null> {
  const answer = await http.request({
    method: 'GET',
    url: `${account.baseUrl}${messagesPath(account).replace(/\.json$/, '')}/${encodeURIComponent(providerId)}.json`,
    headers: { authorization: authorization(account) },
    timeoutMs,
  });
  if (answer.status === 404) return null;
  return moneyOf(documentOf(answer, pricedSchema, "Twilio's message"));
}

function moneyOf({ price, price_unit }: z.infer<typeof pricedSchema>): Money | null {
  if (price === null || price_unit === null) return null;
  return { microUnits: microUnits(price.replace('-', '')), currency: price_unit.toUpperCase() };
}

/** The list goes by the day on which a message was sent: what becomes of it may be known on the next. */
const dayMs = 86_400_000;

/** Texts and receipts out of the list, oldest first. @throws Error where it cannot be read. */
async function poll(account: Account, http: OutgoingClient, since: Date, timeoutMs: number): Promise<ProviderEvent[]> {
  const events: ProviderEvent[] = [];
  const list = listed(account, http, new Date(since.getTime() - dayMs), {}, timeoutMs);
  for await (const listed of list) {
    const { sid, body, to, from, status, direction, error_code, date_updated, num_media } = listed;
    if (new Date(date_updated) < since) continue;
    const fields = { MessageSid: sid, To: to, From: from ?? '', Body: body ?? '', NumMedia: num_media ?? '0' };
    const event = direction.startsWith('outbound')
      ? readReceipt({ ...fields, MessageStatus: status, ErrorCode: String(error_code ?? '') }, null)
      : readText(fields);
    const cost = moneyOf(listed);
    if (event?.kind === 'receipt' && cost !== null) events.push({ ...event, cost });
    else if (event !== null) events.push(event);
  }
  return events.reverse();
}

/** https://www.twilio.com/docs/usage/api/account-balance */
async function check(account: Account, http: OutgoingClient, timeoutMs: number): Promise<Checked> {
  return checkBalance(
    () =>
      http.request({
        method: 'GET',
        url: `${account.baseUrl}/2010-04-01/Accounts/${account.credentials.account_sid}/Balance.json`,
        headers: { authorization: authorization(account) },
        timeoutMs,
      }),
    (text) => {
      const { balance, currency } = balanceSchema.parse(JSON.parse(text));
      return { microUnits: microUnits(balance), currency };
    },
  );
}

function readEvent(request: WebhookRequest, form: Readonly<Record<string, string>>): ProviderEvent {
  return (
    (request.address === 'status' ? readReceipt(form, request.query.get('attempt')) : readText(form)) ?? {
      kind: 'unknown',
    }
  );
}

function readReceipt(form: Readonly<Record<string, string>>, reference: string | null): ProviderEvent | null {
  const parsed = receiptSchema.safeParse({
    MessageSid: form['MessageSid'] ?? form['SmsSid'] ?? form['SmsMessageSid'],
    MessageStatus: form['MessageStatus'] ?? form['SmsStatus'],
    ErrorCode: form['ErrorCode'],
  });
  const status = parsed.success ? statuses.get(parsed.data.MessageStatus.trim().toLowerCase()) : undefined;
  if (!parsed.success || status === undefined) return null;
  const errorCode = errorCodeOf(parsed.data.ErrorCode ?? '');
  const failure = errorCode === null ? null : (failures.get(errorCode) ?? null);
  return { kind: 'receipt', providerId: parsed.data.MessageSid, reference, status, errorCode, failure };
}

function readText(form: Readonly<Record<string, string>>): ProviderEvent | null {
  const parsed = inboundSchema.safeParse({
    ...form,
    MessageSid: form['MessageSid'] ?? form['SmsMessageSid'] ?? form['SmsSid'],
  });
  if (!parsed.success) return null;
  const { MessageSid, From, To, Body, OptOutType, NumMedia } = parsed.data;
  return {
    kind: 'text',
    providerId: MessageSid,
    from: From,
    to: To,
    body: Body,
    media: mediaOf(form, NumMedia),
    carrierWord: carrierWord(Body, OptOutType),
  };
}

function mediaOf(fields: Readonly<Record<string, string>>, count: number): InboundMedia[] {
  return receivedMedia(
    Array.from({ length: Math.min(count, mostFiles) }, (_, index) => ({
      url: fields[`MediaUrl${index}`] ?? '',
      type: fields[`MediaContentType${index}`] ?? '',
    })),
  );
}

/** What Twilio does about a text: OptOutType says it (Advanced Opt-Out); else its default keywords, a whole word in any case. */
function carrierWord(body: string, optOutType: string | undefined): InboundSms['carrierWord'] {
  const stated = optOutTypes.get(optOutType?.toUpperCase() ?? '');
  return stated === undefined ? byDefault(body) : { kind: stated, stated: true };
}

function messagesPath({ credentials }: Account): string {
  return `/2010-04-01/Accounts/${credentials.account_sid}/Messages.json`;
}

function authorization({ credentials }: Account): string {
  return basicAuthorization(credentials.account_sid, credentials.auth_token);
}

/** Only an answer that Twilio defines counts: 201 with a sid is accepted, a 4xx is refused, all else is ambiguous. */
function sendOutcome(answer: OutgoingAnswer): SendOutcome {
  const { status } = answer;
  const json = parseJson(answer.text);
  if (status === 201) return acceptedBy(answer, createdSchema.safeParse(json).data?.sid);
  if (refuses(status)) {
    const parsed = errorSchema.safeParse(json);
    const code = parsed.success ? String(parsed.data.code) : `http_${status}`;
    return refusedBy(answer, errorClasses.get(code) ?? refusalsByStatus.get(status) ?? 'invalid_message', code);
  }
  return { kind: 'ambiguous', code: `http_${status}` };
}

function verify({ credentials }: Account, incoming: WebhookRequest, form: Form): boolean {
  const given = incoming.header('x-twilio-signature');
  if (given === undefined) return false;
  const isOf = (url: string): boolean => sameText(given, twilioSignature(credentials.auth_token, url, form));
  return isOf(incoming.url) || otherForms(incoming.url).some(isOf);
}

/** Twilio signs the URL with or without its port, whichever the address that we gave it has. Path and query stay as received. */
function otherForms(url: string): string[] {
  const { protocol, hostname, port } = new URL(url);
  const [, rest = ''] = /^[a-z]+:\/\/[^/?#]*(.*)$/is.exec(url) ?? [];
  const shownPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return [`${protocol}//${hostname}${rest}`, `${protocol}//${hostname}:${shownPort}${rest}`];
}
