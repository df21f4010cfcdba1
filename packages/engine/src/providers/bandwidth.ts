import { z } from 'zod';
import type { OutgoingAnswer, OutgoingClient } from '../http/outgoing.ts';
import { classOfRefusal, failureOf, statusOfFailure } from './bandwidth-errors.ts';
import {
  acceptedBy,
  basicAuthorization,
  checkBalance,
  documentOf,
  errorCodeOf,
  outcomeOfSend,
  parseJson,
  refusedBy,
  refuses,
} from './outcomes.ts';
import { pictures } from './pictures.ts';
import { postJson } from './posts.ts';
import {
  type ConnectedAs,
  type Connection,
  defineProvider,
  type LookupAnswer,
  type LookupQuery,
  type ProviderEvent,
  type ReceiptStatus,
  type SendOutcome,
  type WebhookRequest,
} from './provider.ts';
import { receivedMedia } from './received-media.ts';

const fields = z.object({
  bandwidth_account_id: z
    .string()
    .regex(/^\d{1,20}$/)
    .meta({
      ui: {
        label: 'Account ID',
        help: 'In Bandwidth’s dashboard, beside the name of the account.',
        placeholder: '9900000',
        control: 'text',
      },
    }),
  application_id: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .meta({
      ui: {
        label: 'Messaging application ID',
        help: 'Under the applications in the dashboard; your numbers belong to it.',
        placeholder: '93de2206-…',
        control: 'text',
      },
    }),
  user: z
    .string()
    .regex(/^[^:\p{Cc}]{1,200}$/u)
    .meta({ ui: { label: 'API user name', help: 'Of a user of the account that may use its API.', control: 'text' } }),
  password: z
    .string()
    .min(1)
    .max(200)
    .meta({ ui: { label: 'API password', help: 'Of that user.', control: 'text' } }),
});

type Account = ConnectedAs<z.infer<typeof fields>>;

/** Bandwidth's Messaging API, version 2: https://dev.bandwidth.com/apis/messaging/ */
export const bandwidth = defineProvider({
  type: 'bandwidth',
  title: 'Bandwidth',
  baseUrl: 'https://messaging.bandwidth.com',
  account: {
    fields,
    identity: 'bandwidth_account_id',
    secrets: ['password'],
    example: {
      bandwidth_account_id: '9900000',
      application_id: '01234567-89ab-cdef-0123-456789abcdef',
      user: 'api-user',
      password: 'the-password-of-the-api-user',
    },
  },
  senders: ['long_code', 'short_code', 'toll_free'],
  capabilities: { media: true, signed: false, answersOptOuts: false, polls: false },
  unverified: 'Bandwidth is not known to sign what it sends: keep the addresses of this account to yourself.',
  limits: {
    textLength: { gsm7: 2_048, ucs2: 2_048 },
    reference: 1_024,
    // https://www.bandwidth.com/support/en/articles/12823216: so much of one file, and (unverified) of all together. Of toll-free numbers
    // https://support.bandwidth.com/hc/en-us/articles/360034303574-Toll-free-MMS-FAQ
    media: {
      files: 10,
      bytes: 3_500_000,
      types: pictures(3_500_000),
      bytesFrom: { toll_free: 525_000 },
    },
  },
  webhooks: { methods: ['POST'], acknowledgement: { contentType: 'application/json', body: '{}' } },
  demo: { known: ({ application_id, user, password }) => ({ application_id, user, password }) },
  connect: (account, http): Connection => ({
    fileHeaders: { authorization: authorization(account) },
    send({ from, to, body, media, reference }, timeoutMs) {
      const message = {
        applicationId: account.credentials.application_id,
        to: [to],
        from,
        text: body,
        ...(media.length === 0 ? {} : { media: media.map(({ url }) => url) }),
        tag: reference,
      };
      const url = account.baseUrl + messagesPath(account);
      const post = postJson(url, { authorization: authorization(account) }, message, timeoutMs);
      return outcomeOfSend(() => http.request(post), sendOutcome);
    },
    lookup: (query, timeoutMs) => lookUp(account, http, query, timeoutMs),
    check: (timeoutMs) =>
      checkBalance(
        () => list(account, http, { limit: '1' }, timeoutMs),
        (text) => {
          listSchema.parse(JSON.parse(text));
          return null;
        },
      ),
    read,
  }),
});

const createdSchema = z.object({ id: z.string().min(1).max(100) });
const errorSchema = z.object({
  type: z.string().min(1).max(100),
  fieldErrors: z
    .array(z.object({ fieldName: z.string() }))
    .optional()
    .catch(undefined),
});
/** Neither the text nor the tag of a message stands in the list. */
const listSchema = z.object({ messages: z.array(z.object({ messageId: z.string() })) });
const receiptSchema = z.object({
  type: z.string(),
  errorCode: z.coerce.string().max(16).optional().catch(undefined),
  message: z.object({
    id: z.string().min(1).max(100),
    tag: z.string().max(1_024).nullable().optional().catch(undefined),
  }),
});
const textSchema = z.object({
  type: z.literal('message-received'),
  to: z.string().optional().catch(undefined),
  message: z.object({
    id: z.string().min(1).max(100),
    /** Of a text to several numbers: the one that this copy came to. */
    owner: z.string().min(3).max(32).optional().catch(undefined),
    from: z.string().regex(/^[^:]{1,64}$/),
    text: z.string().max(10_000).nullable().default(''),
    media: z.array(z.string()).nullable().optional().catch(undefined),
  }),
});

const statuses: ReadonlyMap<string, ReceiptStatus> = new Map([
  ['message-sending', 'accepted'],
  ['message-sent', 'sent'],
  ['message-delivered', 'delivered'],
  ['message-read', 'delivered'],
]);

/** "Any 4xx or 5xx" is said to be neither sent nor billed; an error of the server is believed less than that. */
function sendOutcome(answer: OutgoingAnswer): SendOutcome {
  const { status } = answer;
  const json = parseJson(answer.text);
  if (status === 202) return acceptedBy(answer, createdSchema.safeParse(json).data?.id);
  if (!refuses(status)) return { kind: 'ambiguous', code: `http_${status}` };
  const parsed = errorSchema.safeParse(json);
  const { type, fieldErrors = [] } = parsed.success ? parsed.data : { type: `http_${status}` };
  const fields = fieldErrors.map(({ fieldName }) => fieldName);
  return refusedBy(answer, classOfRefusal(status, type, fields), type);
}

/** https://dev.bandwidth.com/docs/messaging/getMessage */
function list(
  account: Account,
  http: OutgoingClient,
  query: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<OutgoingAnswer> {
  return http.request({
    method: 'GET',
    url: `${account.baseUrl}${messagesPath(account)}?${new URLSearchParams(query)}`,
    headers: { authorization: authorization(account) },
    timeoutMs,
  });
}

/** Whether anything went to the person at all is all that the list tells. @throws Error where it cannot be read. */
async function lookUp(
  account: Account,
  http: OutgoingClient,
  { from, to, since }: LookupQuery,
  timeoutMs: number,
): Promise<LookupAnswer> {
  const filter = {
    sourceTn: from,
    destinationTn: to,
    messageDirection: 'OUTBOUND',
    fromDateTime: new Date(since.getTime() - 60_000).toISOString(),
    limit: '1',
  };
  const answer = await list(account, http, filter, timeoutMs);
  return documentOf(answer, listSchema, "Bandwidth's message list").messages.length === 0 ? [] : 'cannot_tell';
}

/** https://dev.bandwidth.com/docs/messaging/webhooks */
function read({ rawBody }: WebhookRequest): readonly ProviderEvent[] {
  const entries = parseJson(rawBody);
  if (!Array.isArray(entries)) return [{ kind: 'unknown' }];
  // Each says what it is: an application may have one address for both.
  return entries.map((entry) => readReceipt(entry) ?? readText(entry) ?? { kind: 'unknown' });
}

function readReceipt(entry: unknown): ProviderEvent | null {
  const { success, data } = receiptSchema.safeParse(entry);
  if (!success) return null;
  const { type, errorCode: code = '', message } = data;
  const { id: providerId, tag } = message;
  const reference = tag === undefined || tag === '' ? null : tag;
  if (type !== 'message-failed') {
    const status = statuses.get(type);
    if (status === undefined) return null;
    return { kind: 'receipt', providerId, reference, status, errorCode: null, failure: null };
  }
  const errorCode = errorCodeOf(code);
  return {
    kind: 'receipt',
    providerId,
    reference,
    status: statusOfFailure(code),
    errorCode,
    failure: errorCode === null ? null : failureOf(errorCode),
  };
}

function readText(entry: unknown): ProviderEvent | null {
  const { success, data } = textSchema.safeParse(entry);
  const to = success ? (data.message.owner ?? data.to) : undefined;
  if (!success || to === undefined) return null;
  const { id, from, text, media } = data.message;
  return {
    kind: 'text',
    providerId: id,
    from,
    to,
    body: text ?? '',
    media: receivedMedia((media ?? []).map((url) => ({ url }))),
    carrierWord: null,
  };
}

function messagesPath({ credentials }: Account): string {
  return `/api/v2/users/${credentials.bandwidth_account_id}/messages`;
}

function authorization({ credentials }: Account): string {
  return basicAuthorization(credentials.user, credentials.password);
}
