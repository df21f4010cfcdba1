import { z } from 'zod';
import type { OutgoingAnswer, OutgoingClient } from '../http/outgoing.ts';
import { createFormReader, formTold } from './forms.ts';
import { errorClasses, parameterClasses, statusClasses } from './messagebird-errors.ts';
import {
  documentTold,
  filesAt,
  idSchema,
  priceSchema,
  readReceipt,
  readText,
  receiptOf,
  statuses,
  textOf,
} from './messagebird-events.ts';
import { isSignedByMessageBird } from './messagebird-signature.ts';
import { withoutPlus } from './numbers.ts';
import { acceptedBy, checkBalance, documentOf, microUnits, outcomeOfSend, parseJson, refusedBy } from './outcomes.ts';
import { northAmerica, pictures } from './pictures.ts';
import { postJson } from './posts.ts';
import {
  type Balance,
  type ConnectedAs,
  type Connection,
  defineProvider,
  type LookupAnswer,
  type LookupQuery,
  type OutboundSms,
  type ProviderEvent,
  type SendOutcome,
} from './provider.ts';

/** A key as it goes into a header; what was pasted along with it goes. */
const headerKey = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{8,200}$/);
const fields = z.object({
  access_key: headerKey.meta({
    ui: { label: 'Access key', help: 'In MessageBird’s dashboard among the settings for developers.', control: 'text' },
  }),
  signing_key: z
    .string()
    .trim()
    .min(8)
    .max(200)
    .meta({
      ui: {
        label: 'Signing key',
        help: 'Beside the access key: MessageBird signs its requests to us with it.',
        control: 'text',
      },
    }),
});

type Account = ConnectedAs<z.infer<typeof fields>>;

/** MessageBird's REST API, which came before Bird's: https://developers.messagebird.com/api/sms-messaging/ */
export const messagebird = defineProvider({
  type: 'messagebird',
  title: 'MessageBird',
  baseUrl: 'https://rest.messagebird.com',
  account: {
    fields,
    // MessageBird has no name for an account that its owner could know.
    identity: null,
    secrets: ['access_key', 'signing_key'],
    example: { access_key: 'the-access-key-of-the-account', signing_key: 'the-signing-key-of-the-account' },
  },
  senders: ['long_code', 'short_code', 'toll_free', 'alphanumeric'],
  capabilities: { media: true, signed: true, answersOptOuts: false, polls: true },
  unverified:
    'MessageBird does not document how receipts state a price, how texts list pictures and where receipts of messages with pictures go: enter the address for receipts in its dashboard as well.',
  limits: {
    // Nine parts.
    textLength: { gsm7: 1_377, ucs2: 603 },
    reference: 60,
    // Within the USA and Canada, as https://developers.messagebird.com/api/mms-messaging says. (unverified) How many and how large is what Bird,
    // whose networks they go by, says of them.
    media: {
      files: 10,
      bytes: 900_000,
      types: pictures(600_000),
      countries: northAmerica,
      bytesFrom: { alphanumeric: 0 },
    },
  },
  webhooks: { methods: ['GET', 'POST'], acknowledgement: { contentType: 'text/plain', body: 'OK' } },
  demo: { known: ({ access_key, signing_key }) => ({ access_key, signing_key }) },
  connect(account, http): Connection {
    const readForm = createFormReader();
    return {
      send: (message, timeoutMs) => send(account, http, message, timeoutMs),
      lookup: (query, timeoutMs) => lookUp(account, http, query, timeoutMs),
      check: (timeoutMs) => checkBalance(() => get(account, http, '/balance', timeoutMs), readBalance),
      poll: (since, timeoutMs) => poll(account, http, since, timeoutMs),
      verify: (request) => isSignedByMessageBird(request, account.credentials.signing_key),
      read: (request) => {
        const told = documentTold(request) ?? formTold(request, () => readForm(request.rawBody));
        const event = request.address === 'status' ? readReceipt(told, request.query.get('attempt')) : readText(told);
        return [event ?? { kind: 'unknown' }];
      },
    };
  },
});

const createdSchema = z.object({
  id: idSchema,
  recipients: z.object({ items: z.array(z.object({})).min(1) }),
});
const errorsSchema = z.object({
  errors: z.array(z.object({ code: z.number().int(), parameter: z.string().nullable().catch(null) })).min(1),
});
const balanceSchema = z.object({ payment: z.string(), type: z.string(), amount: z.number() });
const listSchema = z.object({
  totalCount: z.number().int(),
  items: z.array(
    z.object({
      id: idSchema,
      direction: z.string(),
      originator: z.union([z.string(), z.number()]).transform(String),
      body: z.string().nullable().catch(null),
      mediaUrls: z.array(z.string()).nullable().catch(null),
      reference: z.string().nullable().catch(null),
      createdDatetime: z.coerce.date(),
      recipients: z.object({
        items: z.array(
          z.object({
            recipient: z.union([z.string(), z.number()]).transform(String),
            status: z.string().catch(''),
            statusDatetime: z.coerce.date().nullable().catch(null),
            statusErrorCode: z.number().nullable().catch(null),
            price: priceSchema.nullable().catch(null),
          }),
        ),
      }),
    }),
  ),
});
type Listed = z.infer<typeof listSchema>['items'][number];

/** Words for some currencies; of all others the balance has their code. */
const currencies: ReadonlyMap<string, string> = new Map([
  ['euros', 'EUR'],
  ['pounds', 'GBP'],
  ['dollars', 'USD'],
]);

function send(
  account: Account,
  http: OutgoingClient,
  { from, to, body, media, reference, callbackUrl }: OutboundSms,
  timeoutMs: number,
): Promise<SendOutcome> {
  const message = { originator: withoutPlus(from), recipients: [withoutPlus(to)], reference };
  const [path, more] =
    media.length === 0
      ? // By default it would put other letters for those that GSM-7 has not.
        ['/messages', { body, datacoding: 'auto', reportUrl: callbackUrl }]
      : // https://developers.messagebird.com/api/mms-messaging, which knows no address for receipts.
        ['/mms', { ...(body === '' ? {} : { body }), mediaUrls: media.map(({ url }) => url) }];
  const post = postJson(`${account.baseUrl}${path}`, authorization(account), { ...message, ...more }, timeoutMs);
  return outcomeOfSend(
    () => http.request(post),
    (answer) => sendOutcome(answer, media.length > 0),
  );
}

/** What is created is answered by 201; of pictures the packages of MessageBird's own expect 200. */
function sendOutcome(answer: OutgoingAnswer, hasMedia: boolean): SendOutcome {
  const { status } = answer;
  const json = parseJson(answer.text);
  if (status === 201 || (hasMedia && status === 200)) return acceptedBy(answer, createdSchema.safeParse(json).data?.id);
  const byStatus = statusClasses.get(status);
  const [error] = errorsSchema.safeParse(json).data?.errors ?? [];
  const code = error === undefined ? `http_${status}` : String(error.code);
  const named = error === undefined ? undefined : errorClasses.get(error.code);
  if (status === 429) return refusedBy(answer, 'throttled', code);
  if (byStatus === undefined || named === null) return { kind: 'ambiguous', code };
  const ofParameter = error?.code === 9 || error?.code === 10 ? parameterClasses.get(error.parameter ?? '') : undefined;
  return refusedBy(answer, ofParameter ?? named ?? byStatus, code);
}

/** What is paid afterwards has no balance: the amount is 0 then. https://developers.messagebird.com/api/balance/ */
function readBalance(text: string): Balance | null {
  const { payment, type, amount } = balanceSchema.parse(JSON.parse(text));
  if (payment === 'postpaid') return null;
  const code = /^[a-z]{3}$/i.test(type) ? type.toUpperCase() : null;
  return { microUnits: microUnits(amount), currency: currencies.get(type) ?? code };
}

const pageSize = 100;
const mostPages = 20;

type List = { readonly items: readonly Listed[]; readonly whole: boolean };

/** Goes through a list, page by page; `whole` says whether that was all of it. @throws Error where it cannot be read. */
async function listed(
  account: Account,
  http: OutgoingClient,
  [path, filter]: readonly [path: string, filter: Readonly<Record<string, string>>],
  timeoutMs: number,
): Promise<List> {
  const items: Listed[] = [];
  for (let page = 0; page < mostPages; page += 1) {
    const query = new URLSearchParams({ ...filter, limit: String(pageSize), offset: String(items.length) });
    const answer = await get(account, http, `${path}?${query}`, timeoutMs);
    const list = documentOf(answer, listSchema, `MessageBird's list ${path}`);
    items.push(...list.items);
    if (list.items.length === 0 || items.length >= list.totalCount) return { items, whole: true };
  }
  return { items, whole: false };
}

/** Texts that were created since then: https://developers.messagebird.com/api/sms-messaging/#list-messages */
function listedTexts(
  account: Account,
  http: OutgoingClient,
  since: Date,
  filter: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<List> {
  const from = `${since.toISOString().slice(0, 19)}+00:00`;
  return listed(account, http, ['/messages', { ...filter, from }], timeoutMs);
}

/** What has pictures is in a list of its own, which no document says how to filter. */
async function listedPictures(account: Account, http: OutgoingClient, since: Date, timeoutMs: number): Promise<List> {
  const { items, whole } = await listed(account, http, ['/mms', {}], timeoutMs);
  return { items: items.filter(({ createdDatetime }) => createdDatetime >= since), whole };
}

/** @throws Error where the list cannot be read. */
async function lookUp(
  account: Account,
  http: OutgoingClient,
  { to, hasMedia, reference, since }: LookupQuery,
  timeoutMs: number,
): Promise<LookupAnswer> {
  const filter = { recipient: withoutPlus(to), direction: 'mt' };
  const earliest = new Date(since.getTime() - 60_000);
  const { items, whole } = hasMedia
    ? await listedPictures(account, http, earliest, timeoutMs)
    : await listedTexts(account, http, earliest, filter, timeoutMs);
  const found = items
    .filter((item) => item.reference === reference)
    .map(({ id, createdDatetime, recipients }) => ({
      providerId: id,
      createdAt: createdDatetime,
      status: statuses.get(recipients.items[0]?.status ?? '') ?? 'accepted',
    }));
  return found.length === 0 && !whole ? 'cannot_tell' : found;
}

/** How long something may still happen to a message: the list goes by when it was created. */
const validityMs = 72 * 3_600_000;

/** Texts and receipts out of the lists, oldest first. @throws Error where the list of texts cannot be read. */
async function poll(account: Account, http: OutgoingClient, since: Date, timeoutMs: number): Promise<ProviderEvent[]> {
  const earliest = new Date(since.getTime() - validityMs);
  const texts = await listedTexts(account, http, earliest, {}, timeoutMs);
  // Accounts without a number for pictures may be refused this list: texts must not be lost to that.
  const withPictures = await listedPictures(account, http, earliest, timeoutMs).catch(() => null);
  const items = [...texts.items, ...(withPictures?.items ?? [])];
  const told: Array<{ readonly at: Date; readonly event: ProviderEvent }> = [];
  for (const { id, direction, originator, body, mediaUrls, reference, createdDatetime, recipients } of items) {
    const [recipient] = recipients.items;
    if (recipient === undefined) continue;
    const sent = direction === 'mt';
    const at = sent ? (recipient.statusDatetime ?? createdDatetime) : createdDatetime;
    const event = sent
      ? receiptOf(id, reference, recipient.status, String(recipient.statusErrorCode ?? ''), recipient.price)
      : textOf({ id, from: originator, to: recipient.recipient, body: body ?? '' }, filesAt(mediaUrls ?? []));
    if (event !== null && at >= since) told.push({ at, event });
  }
  return told.sort((a, b) => a.at.getTime() - b.at.getTime()).map(({ event }) => event);
}

function authorization({ credentials }: Account): { readonly authorization: string } {
  return { authorization: `AccessKey ${credentials.access_key}` };
}

function get(account: Account, http: OutgoingClient, path: string, timeoutMs: number): Promise<OutgoingAnswer> {
  return http.request({ method: 'GET', url: `${account.baseUrl}${path}`, headers: authorization(account), timeoutMs });
}
