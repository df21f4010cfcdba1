import { z } from 'zod';
import type { OutgoingAnswer } from '../http/outgoing.ts';
import { actingOn } from './carrier-words.ts';
import { fromAustralia } from './numbers.ts';
import { acceptedBy, checkBalance, outcomeOfSend, parseJson, refusedBy, refuses } from './outcomes.ts';
import { pictures } from './pictures.ts';
import {
  type Checked,
  type Connection,
  defineProvider,
  type FailureClass,
  type ListedMessage,
  type LookupQuery,
  type OptedOut,
  type OutboundSms,
  type ProviderEvent,
  type ReceiptStatus,
  type SendOutcome,
  type WebhookRequest,
} from './provider.ts';
import { fields, national } from './telstra-account.ts';
import { type Caller, get, listed, request } from './telstra-api.ts';
import { readErrors } from './telstra-errors.ts';
import { createTokenKeeper } from './telstra-token.ts';

const scope = 'messages:read messages:write virtual-numbers:read';

/** Telstra's Messaging API, version 3: https://dev.telstra.com/docs/messaging-api */
export const telstra = defineProvider({
  type: 'telstra',
  title: 'Telstra',
  baseUrl: 'https://products.api.telstra.com',
  account: {
    fields,
    identity: 'client_id',
    secrets: ['client_secret'],
    example: {
      client_id: '0123456789abcdefghijklmnopqrstuv',
      client_secret: 'the-secret-of-the-client',
      virtual_number: '0412345678',
      message_id_field: 'messageId',
    },
  },
  senders: ['long_code', 'alphanumeric'],
  capabilities: { media: true, signed: false, answersOptOuts: true, polls: true },
  unverified:
    'Telstra does not document its callbacks in full and signs none: each is taken for a hint, and Telstra is asked about the message.',
  limits: {
    textLength: { gsm7: 1_600, ucs2: 1_600 },
    reference: 64,
    // (unverified) The specification says how many, and nothing of how large: so much goes through Telstra's network.
    media: { files: 5, bytes: 2_000_000, types: pictures(2_000_000) },
  },
  webhooks: { methods: ['POST'], acknowledgement: { contentType: 'application/json', body: '{}' } },
  demo: { known: ({ client_secret }) => ({ client_secret }) },
  connect(account, http): Connection {
    const { client_id, client_secret } = account.credentials;
    const tokens = createTokenKeeper(http, `${account.baseUrl}/v2/oauth/token`, { client_id, client_secret, scope });
    const caller: Caller = { account, http, tokens };
    return {
      send: (message, timeoutMs) => send(caller, message, timeoutMs),
      lookup: (query, timeoutMs) => lookUp(caller, query, timeoutMs),
      check: (timeoutMs) => check(caller, timeoutMs),
      read: (request) => read(request, account.credentials.message_id_field),
      confirm: (providerId, timeoutMs) => confirm(caller, providerId, timeoutMs),
      poll: (since, timeoutMs) => poll(caller, since, timeoutMs),
      optOuts: (since, timeoutMs) => optOuts(caller, since, timeoutMs),
    };
  },
});

const messageId = z.string().regex(/^[\w-]{1,64}$/);
const createdSchema = z.object({ messageId: z.union([messageId, z.tuple([messageId]).transform(([id]) => id)]) });
/** Examples of numbers stand without quotes, and without the zero that would be lost there. */
const address = z
  .union([z.string(), z.number(), z.tuple([z.union([z.string(), z.number()])]).transform(([only]) => only)])
  .transform((value) => fromAustralia(String(value)));
const messageSchema = z.object({
  messageId,
  direction: z.enum(['outgoing', 'incoming']),
  to: address,
  from: address,
  messageContent: z.string().max(10_000).nullable().default(''),
  status: z.string().nullable().optional(),
  tags: z.array(z.string()).nullable().optional(),
});
const listedSchema = messageSchema.extend({ createTimestamp: z.coerce.date() });
const optOutSchema = z.object({ optoutNumber: address, createTimestamp: z.coerce.date() });
const virtualNumberSchema = z.object({ virtualNumber: address });
const entrySchema = z.record(z.string(), z.unknown());

const statuses: ReadonlyMap<string, readonly [ReceiptStatus, FailureClass | null]> = new Map<
  string,
  readonly [ReceiptStatus, FailureClass | null]
>([
  ['queued', ['accepted', null]],
  ['sent', ['sent', null]],
  ['delivered', ['delivered', null]],
  ['expired', ['undelivered', 'expired']],
  ['undeliverable', ['undelivered', null]],
]);

/** The words by which people opt out at Telstra itself, which refuses to send to them from then on. */
const byDefault = actingOn({ stop: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'QUIT', 'END', 'CANCEL'] });

/** Without a token nothing was sent; getting one takes its part of the time. */
async function send(caller: Caller, message: OutboundSms, timeoutMs: number): Promise<SendOutcome> {
  const startedAt = performance.now();
  const unsent = (code: string): SendOutcome => ({
    kind: 'refused',
    errorClass: 'transient',
    code,
    retryAfterMs: null,
  });
  const multimedia = await readMedia(message).catch(() => null);
  if (multimedia === null) return unsent('unreadable_media');
  const token = await caller.tokens.get(timeoutMs);
  if (token.kind === 'refused') return token;
  const leftMs = timeoutMs - (performance.now() - startedAt);
  if (leftMs <= 0) return unsent('token_late');
  const { from, to, body, reference, callbackUrl } = message;
  const asked = {
    to: national(to),
    from: national(from),
    ...(body === '' ? {} : { messageContent: body }),
    ...(multimedia.length === 0 ? {} : { multimedia }),
    tags: [reference],
    // An address that is not encrypted is refused, and with it the message.
    ...(callbackUrl.startsWith('https://') ? { deliveryNotification: true, statusCallbackUrl: callbackUrl } : {}),
  };
  const outcome = await outcomeOfSend(
    () => request(caller, token.value, ['POST', '/messages', asked], leftMs),
    sendOutcome,
  );
  // A token may end before its time. The next one says whether it is the account that is wrong.
  const isOver = token.kept && outcome.kind === 'refused' && tokenCodes.has(outcome.code);
  return isOver ? { ...outcome, errorClass: 'transient' } : outcome;
}

/** What is said of a token that is not taken, or not any more. */
const tokenCodes: ReadonlySet<string> = new Set(['TOKEN_EXPIRED', 'TOKEN_INVALID', 'http_401']);

async function readMedia({ media }: OutboundSms) {
  return Promise.all(
    media.map(async ({ type, read }, index) => ({
      type,
      fileName: `file-${index + 1}.${/^\w+\/(\w{1,10})/.exec(type)?.[1] ?? 'bin'}`,
      payload: Buffer.from(await read()).toString('base64'),
    })),
  );
}

function sendOutcome(answer: OutgoingAnswer): SendOutcome {
  const { status } = answer;
  const json = parseJson(answer.text);
  if (status === 201) return acceptedBy(answer, createdSchema.safeParse(json).data?.messageId);
  if (!refuses(status)) return { kind: 'ambiguous', code: `http_${status}` };
  const { errorClass, code } = readErrors(status, json);
  return refusedBy(answer, errorClass, code);
}

/** Telstra tells no balance. */
async function check(caller: Caller, timeoutMs: number): Promise<Checked> {
  const token = await caller.tokens.get(timeoutMs);
  if (token.kind === 'refused') return { ok: false, errorClass: token.errorClass, code: token.code };
  const checked = await checkBalance(
    () => request(caller, token.value, ['GET', '/virtual-numbers?limit=1'], timeoutMs),
    () => null,
  );
  return token.kept && !checked.ok && checked.code === 'http_401' ? check(caller, timeoutMs) : checked;
}

/** So many messages are asked about for one request; Telstra tells of one. */
const mostHints = 20;

/** The id of the message that a callback is about: what else it says proves nothing. */
function read({ rawBody }: WebhookRequest, field: string): readonly ProviderEvent[] {
  const json = parseJson(rawBody);
  const entries: readonly unknown[] = Array.isArray(json) && json.length > 0 ? json : [json];
  const ids = entries.map((entry) => {
    const parsed = entrySchema.safeParse(entry);
    return messageId.safeParse(parsed.success && Object.hasOwn(parsed.data, field) ? parsed.data[field] : null).data;
  });
  const named = new Set(ids);
  if (named.size > mostHints) return [{ kind: 'unknown' }];
  return [...named].map((id) => (id === undefined ? { kind: 'unknown' } : { kind: 'hint', providerId: id }));
}

/** What Telstra says of an id that is of no message, or of one of more than thirty days ago. */
const notKnown: ReadonlySet<string> = new Set([
  'ID_NOT_ASSIGNED',
  'TIMEFRAME_ERR',
  'FIELD_INVALID',
  'FIELD_LENGTH_ERR',
  'RESOURCE_NOT_FOUND',
]);

/** @throws Error where Telstra cannot be asked. */
async function confirm(caller: Caller, id: string, timeoutMs: number): Promise<ProviderEvent[]> {
  const { status, text } = await get(caller, `/messages/${encodeURIComponent(id)}`, timeoutMs);
  if ((status === 400 || status === 404) && notKnown.has(readErrors(status, parseJson(text)).code)) return [];
  if (status !== 200) throw new Error(`Telstra answered ${status} about a message.`);
  const message = messageSchema.safeParse(parseJson(text));
  return [message.success ? eventOf(message.data) : { kind: 'unknown' }];
}

function eventOf(message: z.infer<typeof messageSchema>): ProviderEvent {
  const { messageId: providerId, direction, from, to, messageContent, status, tags } = message;
  if (direction === 'incoming') {
    const body = messageContent ?? '';
    // Of files that came with it, Telstra keeps no more than names.
    return { kind: 'text', providerId, from, to, body, media: [], carrierWord: byDefault(body) };
  }
  const reached = statuses.get(status?.toLowerCase() ?? '');
  if (reached === undefined) return { kind: 'unknown' };
  const [left, failure] = reached;
  const errorCode = left === 'undelivered' ? (status ?? null) : null;
  return { kind: 'receipt', providerId, reference: tags?.[0] ?? null, status: left, errorCode, failure };
}

/** The list shows tags, ours among them, and is searched by one. @throws Error where it cannot be read. */
async function lookUp(caller: Caller, { reference }: LookupQuery, timeoutMs: number): Promise<ListedMessage[]> {
  const found: ListedMessage[] = [];
  const query = { direction: 'outgoing', filter: reference };
  for await (const row of listed(caller, '/messages', 'messages', query, timeoutMs)) {
    const { success, data } = listedSchema.safeParse(row);
    if (!success || data.tags?.includes(reference) !== true) continue;
    const status = statuses.get(data.status?.toLowerCase() ?? '')?.[0] ?? 'accepted';
    found.push({ providerId: data.messageId, createdAt: data.createTimestamp, status });
  }
  return found;
}

/** A message is tried for ten minutes, as long as nobody asks for more: so much later something may still become of it. */
const settledMs = 15 * 60_000;

/** Texts, and what became of messages, out of the one list, oldest first. @throws Error where it cannot be read. */
async function poll(caller: Caller, since: Date, timeoutMs: number): Promise<ProviderEvent[]> {
  const messages: Array<z.infer<typeof listedSchema>> = [];
  const earliest = new Date(since.getTime() - settledMs);
  const query = { startTime: earliest.toISOString() };
  for await (const row of listed(caller, '/messages', 'messages', query, timeoutMs)) {
    const { success, data } = listedSchema.safeParse(row);
    if (success && data.createTimestamp >= (data.direction === 'incoming' ? since : earliest)) messages.push(data);
  }
  return messages.sort((a, b) => a.createTimestamp.getTime() - b.createTimestamp.getTime()).map(eventOf);
}

/** The account's virtual numbers: those that it names, else all. */
async function virtualNumbers(caller: Caller, timeoutMs: number): Promise<string[]> {
  const named = caller.account.credentials.virtual_number.replaceAll(' ', '').split(',');
  const given = named.filter((number) => number !== '');
  if (given.length > 0) return given.map(fromAustralia);
  const numbers: string[] = [];
  for await (const row of listed(caller, '/virtual-numbers', 'virtualNumbers', {}, timeoutMs))
    numbers.push(virtualNumberSchema.parse(row).virtualNumber);
  return numbers;
}

/** @throws Error where a list cannot be read. */
async function optOuts(caller: Caller, since: Date | null, timeoutMs: number): Promise<OptedOut[]> {
  const found: OptedOut[] = [];
  for (const number of await virtualNumbers(caller, timeoutMs)) {
    const path = `/virtual-numbers/${encodeURIComponent(national(number))}/optouts`;
    for await (const row of listed(caller, path, 'recipientOptouts', {}, timeoutMs)) {
      const { optoutNumber, createTimestamp: at } = optOutSchema.parse(row);
      if (since === null || at >= since) found.push({ number: optoutNumber, at });
    }
  }
  return found;
}
