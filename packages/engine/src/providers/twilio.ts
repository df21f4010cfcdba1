import { createHmac, timingSafeEqual } from 'node:crypto';
import { parse } from 'node:querystring';
import type { ComplianceKind } from '@signalbox/nodes/text/compliance-words';
import { Agent, errors, request } from 'undici';
import { z } from 'zod';
import type {
  ErrorClass,
  InboundMedia,
  InboundSms,
  ListedMessage,
  Provider,
  ProviderAccount,
  ReceiptStatus,
  SendOutcome,
  WebhookRequest,
} from './provider.ts';

/** Twilio's Messaging API, 2010-04-01: https://www.twilio.com/docs/messaging/api/message-resource */

export const twilioBaseUrl = 'https://api.twilio.com';

const createdSchema = z.object({ sid: z.string().regex(/^(SM|MM)[0-9a-f]{32}$/) });
const errorSchema = z.object({ code: z.number().int() });
const listSchema = z.object({
  messages: z.array(
    z.object({
      sid: z.string(),
      body: z.string().nullable(),
      to: z.string(),
      from: z.string().nullable(),
      status: z.string(),
      date_created: z.string(),
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
/** Files of one text at most. */
const mostMedia = 10;

/** Twilio error codes by class; codes not listed go by the HTTP status. https://www.twilio.com/docs/api/errors */
const errorClasses: Readonly<Record<string, ErrorClass>> = {
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
};

const statuses: Readonly<Record<string, ReceiptStatus>> = {
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
};

const optOutTypes: Readonly<Record<string, ComplianceKind>> = { STOP: 'stop', START: 'start', HELP: 'help' };

/** https://help.twilio.com/articles/223134027 */
const defaultKeywords: ReadonlyMap<string, ComplianceKind> = new Map([
  ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'].map(
    (word) => [word, 'stop'] as const,
  ),
  ...['START', 'YES', 'UNSTOP'].map((word) => [word, 'start'] as const),
  ...['HELP', 'INFO'].map((word) => [word, 'help'] as const),
]);

/** Error codes that undici and Node raise before any byte of the request has left. */
const notSentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** A form as signed and read: each name with its values in order. */
type Form = ReadonlyMap<string, readonly string[]>;

function parseForm(rawBody: string): Form {
  const form = new Map<string, string[]>();
  for (const [name, value] of Object.entries(parse(rawBody))) {
    if (value !== undefined) form.set(name, Array.isArray(value) ? value : [value]);
  }
  return form;
}

/** The last body that was read: a webhook is verified and then understood, which needs the same form twice. */
function createFormReader(): (rawBody: string) => Form {
  let last: { readonly rawBody: string; readonly form: Form } | null = null;
  return (rawBody) => {
    if (last === null || last.rawBody !== rawBody) last = { rawBody, form: parseForm(rawBody) };
    return last.form;
  };
}

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

/** The first value of each name. */
function fieldsOf(form: Form): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, values] of form) fields[name] = values[0] ?? '';
  return fields;
}

/** The adapter. `connections` bounds the sockets per account origin. */
export function createTwilio(options: { readonly connections?: number } = {}): Provider {
  const agent = new Agent({
    connections: options.connections ?? 256,
    keepAliveTimeout: 30_000,
    pipelining: 1,
    connect: { timeout: 5_000 },
  });
  const readForm = createFormReader();
  return {
    type: 'twilio',
    acknowledgement: { contentType: 'text/xml', body: '<?xml version="1.0" encoding="UTF-8"?><Response/>' },
    close: () => agent.close(),

    async send(account, message, timeoutMs) {
      const body = new URLSearchParams({
        To: message.to,
        From: message.from,
        Body: message.body,
        StatusCallback: message.callbackUrl,
      }).toString();
      try {
        const response = await request(messagesUrl(account), {
          dispatcher: agent,
          method: 'POST',
          headers: { authorization: authorization(account), 'content-type': 'application/x-www-form-urlencoded' },
          body,
          headersTimeout: timeoutMs,
          bodyTimeout: timeoutMs,
        });
        const text = await response.body.text();
        return sendOutcome(response.statusCode, text, header(response.headers['retry-after']));
      } catch (error) {
        const code = errorCode(error);
        if (notSentCodes.has(code)) return { kind: 'refused', errorClass: 'transient', code, retryAfterMs: null };
        return { kind: 'ambiguous', code };
      }
    },

    async lookup(account, query, timeoutMs) {
      const found: ListedMessage[] = [];
      // DateSent filters by day; the exact moment is compared here.
      const since = new Date(query.since.getTime() - 60_000);
      let next: string | null =
        `/2010-04-01/Accounts/${account.externalId}/Messages.json?${new URLSearchParams({ To: query.to, From: query.from, 'DateSent>': since.toISOString().slice(0, 10), PageSize: '100' })}`;
      for (let page = 0; next !== null && page < 20; page += 1) {
        const response = await request(pageUrl(account.baseUrl, next), {
          dispatcher: agent,
          headers: { authorization: authorization(account) },
          signal: AbortSignal.timeout(timeoutMs),
        });
        const text = await response.body.text();
        if (response.statusCode !== 200) throw new Error(`Twilio's message list answered ${response.statusCode}.`);
        const list = listSchema.parse(JSON.parse(text));
        for (const message of list.messages) {
          const createdAt = new Date(message.date_created);
          if (
            message.body === query.body &&
            message.to === query.to &&
            message.from === query.from &&
            createdAt >= new Date(since.getTime() + 30_000)
          ) {
            found.push({ providerId: message.sid, createdAt, status: statuses[message.status] ?? 'accepted' });
          }
        }
        next = list.next_page_uri ?? null;
      }
      return found;
    },

    verify: (account, incoming) => verify(account, incoming, readForm(incoming.rawBody)),

    parseReceipt(rawBody) {
      const fields = fieldsOf(readForm(rawBody));
      const parsed = receiptSchema.safeParse({
        MessageSid: fields['MessageSid'] ?? fields['SmsSid'] ?? fields['SmsMessageSid'],
        MessageStatus: fields['MessageStatus'] ?? fields['SmsStatus'],
        ErrorCode: fields['ErrorCode'],
      });
      const status = parsed.success ? statuses[parsed.data.MessageStatus.trim().toLowerCase()] : undefined;
      if (!parsed.success || status === undefined) return null;
      const code = parsed.data.ErrorCode?.trim() ?? '';
      const errorCode = /^0*$/.test(code) ? null : code;
      const optedOut = errorCode !== null && errorClasses[errorCode] === 'opted_out';
      return { providerId: parsed.data.MessageSid, status, errorCode, optedOut };
    },

    parseInbound(rawBody) {
      const fields = fieldsOf(readForm(rawBody));
      const parsed = inboundSchema.safeParse({
        ...fields,
        MessageSid: fields['MessageSid'] ?? fields['SmsMessageSid'] ?? fields['SmsSid'],
      });
      if (!parsed.success) return null;
      const { MessageSid, From, To, Body, OptOutType, NumMedia } = parsed.data;
      return {
        providerId: MessageSid,
        from: From,
        to: To,
        body: Body,
        media: mediaOf(fields, NumMedia),
        carrierWord: carrierWord(Body, OptOutType),
      };
    },
  };
}

function mediaOf(fields: Readonly<Record<string, string>>, count: number): InboundMedia[] {
  return Array.from({ length: Math.min(count, mostMedia) }, (_, index) => ({
    url: fields[`MediaUrl${index}`] ?? '',
    type: (fields[`MediaContentType${index}`] ?? '').slice(0, 100),
  })).filter(({ url }) => /^https?:\/\//.test(url) && url.length <= 2_000);
}

/** What Twilio does about a text: OptOutType says it (Advanced Opt-Out); else its default keywords, a whole word in any case. */
function carrierWord(body: string, optOutType: string | undefined): InboundSms['carrierWord'] {
  const told = optOutTypes[optOutType?.toUpperCase() ?? ''];
  if (told !== undefined) return { kind: told, told: true };
  const kind = defaultKeywords.get(body.trim().toUpperCase());
  return kind === undefined ? null : { kind, told: false };
}

/**
 * The address of a list's page. A link of the answer stays on the account's origin: the account's credentials go with it.
 *
 * @throws Error where it leads elsewhere.
 */
function pageUrl(baseUrl: string, path: string): string {
  const url = new URL(baseUrl + path);
  if (url.origin !== new URL(baseUrl).origin || url.username !== '' || url.password !== '')
    throw new Error("The next page of Twilio's message list is on another origin.");
  return url.href;
}

function messagesUrl(account: ProviderAccount): string {
  return `${account.baseUrl}/2010-04-01/Accounts/${account.externalId}/Messages.json`;
}

function authorization(account: ProviderAccount): string {
  return `Basic ${Buffer.from(`${account.externalId}:${account.secret}`).toString('base64')}`;
}

/** Only an answer that Twilio defines counts: 201 with a sid is accepted, a 4xx with a code is refused, all else is ambiguous. */
function sendOutcome(status: number, text: string, retryAfter: string | null): SendOutcome {
  const json = parseJson(text);
  if (status === 201) {
    const created = createdSchema.safeParse(json);
    return created.success
      ? { kind: 'accepted', providerId: created.data.sid }
      : { kind: 'ambiguous', code: 'unreadable_201' };
  }
  if (status >= 400 && status < 500) {
    const parsed = errorSchema.safeParse(json);
    const code = parsed.success ? String(parsed.data.code) : `http_${status}`;
    const byStatus: ErrorClass =
      status === 429 ? 'throttled' : status === 401 || status === 403 ? 'auth' : 'invalid_message';
    return {
      kind: 'refused',
      errorClass: errorClasses[code] ?? byStatus,
      code,
      retryAfterMs: retryAfterMs(retryAfter),
    };
  }
  return { kind: 'ambiguous', code: `http_${status}` };
}

function retryAfterMs(header: string | null): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3_600) * 1_000 : null;
}

function verify(account: ProviderAccount, incoming: WebhookRequest, form: Form): boolean {
  const given = incoming.header('x-twilio-signature');
  if (given === undefined || account.secret === '') return false;
  return urlForms(incoming.url).some((url) => sameText(given, twilioSignature(account.secret, url, form)));
}

/** Twilio signs the URL with or without its port, whichever the address that we gave it has. Path and query stay as received. */
function urlForms(url: string): string[] {
  const { protocol, hostname, port } = new URL(url);
  const [, rest = ''] = /^[a-z]+:\/\/[^/?#]*(.*)$/is.exec(url) ?? [];
  const shownPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return [url, `${protocol}//${hostname}${rest}`, `${protocol}//${hostname}:${shownPort}${rest}`];
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function header(value: string | string[] | undefined): string | null {
  return Array.isArray(value) ? (value[0] ?? null) : (value ?? null);
}

function errorCode(error: unknown): string {
  if (error instanceof errors.UndiciError) return error.code;
  if (error instanceof Error && error.name === 'TimeoutError') return 'timeout';
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return 'unknown_error';
}
