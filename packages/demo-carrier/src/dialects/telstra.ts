import { createHash } from 'node:crypto';
import { messagesOf } from '../account-messages.ts';
import { type Account, numbersOf } from '../accounts.ts';
import { fieldsOf, isText, parseJson } from '../json-document.ts';
import type { LedgerMessage } from '../ledger.ts';
import {
  type ApiAnswer,
  type ApiRequest,
  type Callback,
  defineDialect,
  type Handled,
  json,
  type Refusal,
  type RefusalReason,
  type Refused,
  type Tools,
  uuidOf,
} from './define-dialect.ts';

const tokenPath = '/v2/oauth/token';
const base = '/messaging/v3';

/** An error as the API says it: https://dev.telstra.com/docs/messaging-api */
interface Problem {
  readonly status: number;
  readonly code: string;
  readonly issue: string;
  readonly field?: string;
}

const wrong = (field: string, issue: string, code = 'FIELD_INVALID'): Problem => ({ status: 400, code, issue, field });

const problems: Readonly<Record<RefusalReason, Problem>> = {
  invalid_number: wrong('to', 'The recipient is no mobile number'),
  opted_out: { status: 400, code: 'RECIPIENT_OPTOUT', issue: 'The recipient has opted out' },
  blocked: { status: 400, code: 'MODERATION_ERR', issue: 'The message holds offensive language' },
  unsupported: { status: 402, code: 'FREE_TRIAL_INTERNATIONAL_ERR', issue: 'International messages need a paid plan' },
  sender: { status: 400, code: 'SENDERNAME_ERR', issue: 'The sender is not approved' },
  throttled: { status: 429, code: 'TOO_MANY_REQUESTS', issue: 'Too many concurrent calls' },
  funds: { status: 402, code: 'ACCOUNT_LIMIT_ERROR', issue: 'The limit of the account was reached' },
  auth: { status: 403, code: 'RESOURCE_AUTH_ERR', issue: 'The account may not use this resource' },
  transient: { status: 500, code: 'NETWORK_ERR', issue: 'The network does not answer' },
  invalid_message: wrong('messageContent', 'The text is too long', 'FIELD_LENGTH_ERR'),
  expired: wrong('scheduleSend', 'The time is past'),
  unknown: { status: 500, code: 'INTERNAL_SERVER_ERR', issue: 'Something is broken' },
};

/** The one token of an account, which never ends. */
function tokenOf(id: string, secret: string): string {
  return createHash('sha256').update(`telstra ${id} ${secret}`).digest('base64url');
}

/** Telstra's Messaging API, version 3, with the tokens that it is asked by. */
export const telstra = defineDialect({
  name: 'telstra',
  owns: (path) => path === tokenPath || path.startsWith(`${base}/`),
  accountId: /^[\w-]{1,100}$/,
  credentials: ['client_secret'],
  key: ({ sid, credentials }) => tokenOf(sid, credentials['client_secret'] ?? ''),
  caller: ({ path, header, body }) => {
    if (path !== tokenPath) return /^Bearer (\S+)$/.exec(header('authorization') ?? '')?.[1] ?? null;
    const form = new URLSearchParams(body);
    return tokenOf(form.get('client_id') ?? '', form.get('client_secret') ?? '');
  },
  unauthorized: ({ path }) =>
    path === tokenPath
      ? json(401, { error: 'invalid_client', error_description: 'The client is unknown' })
      : said({ status: 401, code: 'TOKEN_INVALID', issue: 'The access token is invalid' }),
  tooLarge: said({ status: 413, code: 'PAYLOAD_TOO_LARGE', issue: 'The body is too large' }),
  broken: said(problems.unknown),
  refuse,
  messageId: uuidOf,
  handle(request, account, tools) {
    const { method, path } = request;
    if (path === tokenPath) return { answer: issued(request, account) };
    const missing = ['content-language', 'accept', 'accept-charset', 'content-type'].find(
      (name) => request.header(name) === undefined,
    );
    if (missing !== undefined) return { answer: said(wrong(missing, 'The header is required', 'FIELD_MISSING')) };
    const below = path.slice(base.length);
    if (method === 'POST' && below === '/messages') return send(request);
    if (method !== 'GET') return { answer: said({ status: 405, code: 'METHOD_INVALID', issue: 'Wrong method' }) };
    return { answer: read(below, new URLSearchParams(request.query), account, tools) };
  },
  failureCode: (_, reason) => (reason === 'expired' ? 'expired' : 'undeliverable'),
  receipts(message, { status, code, unheardOf, at }, { url }) {
    const left = unheardOf ? 'dreaming' : statusOf({ status, errorCode: code });
    const { sid: messageId } = message;
    return [posted(url, { ...ends(message), timestamp: new Date(at).toISOString(), messageId, status: left })];
  },
  texts(message, { url }) {
    const timestamp = new Date(message.createdAt).toISOString();
    const { sid: messageId, body: messageContent } = message;
    return [posted(url, { ...ends(message), timestamp, messageId, messageContent })];
  },
});

function said({ status, code, issue, field }: Problem): ApiAnswer {
  const where = field === undefined ? {} : { field, location: 'body' };
  const errors = [{ code, issue, suggested_action: 'Check the request.', ...where }];
  return json(status, { errors }, { 'content-language': 'en-au' });
}

function posted(url: string, body: unknown): Callback {
  return { method: 'POST', url, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Australian numbers are written as people there dial them. */
const national = (number: string): string => number.replace(/^\+61(?=\d{9}$)/, '0');
const international = (number: string): string => number.replace(/^0(?=\d{9}$)/, '+61');
const ends = ({ from, to }: LedgerMessage) => ({ to: national(to), from: national(from) });

/** https://products.api.telstra.com/v2/oauth/token */
function issued({ method, header, body }: ApiRequest, account: Account): ApiAnswer {
  const form = new URLSearchParams(body);
  if (method !== 'POST' || header('content-type')?.startsWith('application/x-www-form-urlencoded') !== true)
    return json(400, { error: 'invalid_request' });
  if (form.get('grant_type') !== 'client_credentials') return json(400, { error: 'unsupported_grant_type' });
  const scopes = (form.get('scope') ?? '').split(' ');
  const known = ['messages', 'virtual-numbers', 'reports', 'free-trial-numbers'];
  if (!scopes.every((scope) => known.some((name) => scope === `${name}:read` || scope === `${name}:write`)))
    return json(400, { error: 'invalid_scope' });
  return json(200, {
    access_token: tokenOf(account.sid, account.credentials['client_secret'] ?? ''),
    token_type: 'Bearer',
    expires_in: '3599',
  });
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Turns a request into a message, or says which field of it is wrong. */
function send({ body }: ApiRequest): Handled {
  const broken = (problem: Problem): Handled => ({ answer: said(problem), code: problem.code });
  const asked = fieldsOf(parseJson(body)) ?? {};
  const {
    to,
    from,
    messageContent = '',
    multimedia,
    tags,
    statusCallbackUrl = null,
    deliveryNotification = false,
  } = asked;
  const [tag = null, ...moreTags] = listOf(tags);
  const files = listOf(multimedia);
  if (!isText(to)) return broken(wrong('to', 'The carrier takes one recipient', 'FIELD_MISSING'));
  if (!isText(from)) return broken(wrong('from', 'The field is missing', 'FIELD_MISSING'));
  // A number of the country in another form than its own is none.
  if (!/^(04\d{8}|\+(?!61)[1-9]\d{6,14})$/.test(to)) return broken(problems.invalid_number);
  if (from.startsWith('+') || from.length > 13) return broken(wrong('from', 'The sender is in no known form'));
  if (!isText(messageContent) || messageContent.length > 1_600) return broken(problems.invalid_message);
  if (messageContent === '' && files.length === 0) return broken(wrong('messageContent', 'Empty', 'FIELD_MISSING'));
  if (!files.every((file) => isFile(file)) || files.length > 5) return broken(wrong('multimedia', 'Unreadable'));
  if (![tag ?? '', ...moreTags].every((each) => isText(each) && each.length <= 64) || moreTags.length > 9)
    return broken({ status: 400, code: 'TAGS_ERR', issue: 'Too many tags, or too long ones' });
  if (statusCallbackUrl !== null) {
    if (!isText(statusCallbackUrl) || !statusCallbackUrl.startsWith('https://') || deliveryNotification !== true)
      return broken(wrong('statusCallbackUrl', 'The address must be of https, and deliveryNotification true'));
  }
  return {
    asked: {
      from: international(from),
      to: international(to),
      body: messageContent,
      reference: isText(tag) ? tag : null,
      media: files.flatMap(fileOf),
      statusCallback: isText(statusCallbackUrl) ? statusCallbackUrl : null,
    },
    accepted: ({ sid: messageId }) =>
      json(201, { ...asked, multimedia: undefined, messageId, status: 'queued' }, { 'content-language': 'en-au' }),
  };
}

/** A file as it came with the request. */
function fileOf(file: unknown): Array<{ readonly bytes: Uint8Array; readonly type: string }> {
  const { type, payload } = fieldsOf(file) ?? {};
  return isText(type) && isText(payload) ? [{ bytes: Buffer.from(payload, 'base64'), type }] : [];
}

function isFile(file: unknown): boolean {
  const { type, fileName, payload } = fieldsOf(file) ?? {};
  return [type, fileName, payload].every((part) => isText(part) && part !== '');
}

function refuse({ reason, code, status }: Refusal): Refused {
  const problem = problems[reason];
  const answer = said({ ...problem, code: code ?? problem.code, status: status ?? problem.status });
  return { answer, code: code ?? problem.code };
}

function statusOf({ status, errorCode }: Pick<LedgerMessage, 'status' | 'errorCode'>): string {
  if (status !== 'undelivered' && status !== 'failed') return status;
  return errorCode === 'expired' ? 'expired' : 'undeliverable';
}

function resource(message: LedgerMessage): Record<string, unknown> {
  const incoming = message.origin === 'phone';
  const at = (moment: number | null) => (moment === null ? undefined : new Date(moment).toISOString());
  return {
    messageId: message.sid,
    direction: incoming ? 'incoming' : 'outgoing',
    ...ends(message),
    messageContent: message.body,
    createTimestamp: at(message.createdAt),
    ...(incoming
      ? { receivedTimestamp: at(message.createdAt) }
      : {
          status: statusOf(message),
          sentTimestamp: at(message.sentAt),
          retryTimeout: 10,
          queuePriority: 2,
          tags: message.reference === null ? [] : [message.reference],
        }),
  };
}

/** What is read: one message, messages, virtual numbers, who opted out of one. */
function read(below: string, query: URLSearchParams, account: Account, { ledger }: Tools): ApiAnswer {
  const ours = messagesOf(account, ledger);
  const id = /^\/messages\/([^/]+)$/.exec(below)?.[1];
  if (id !== undefined) {
    const message = ours.find(({ sid }) => sid === id);
    if (message !== undefined) return json(200, resource(message), { 'content-language': 'en-au' });
    return said({ status: 400, code: 'ID_NOT_ASSIGNED', issue: 'No message of the account has this id' });
  }
  if (below === '/messages') return page(below, 'messages', ours.filter(searchOf(query)).map(resource), query);
  const numbers = numbersOf(account).filter(({ number }) => /^\+61\d{9}$/.test(number));
  if (below === '/virtual-numbers') {
    const rows = numbers.map(({ number }) => ({ virtualNumber: national(number), tags: [] }));
    return page(below, 'virtualNumbers', rows, query);
  }
  const asked = /^\/virtual-numbers\/([^/]+)\/optouts$/.exec(below)?.[1];
  const own = numbers.find(({ number }) => national(number) === asked);
  if (asked === undefined) return said({ status: 404, code: 'RESOURCE_NOT_FOUND', issue: 'There is no such resource' });
  if (own === undefined) return said(wrong('virtual-number', 'Not of this account', 'VIRTUAL_NUM_UNASSIGNED'));
  const rows = [...ledger.blockedOf(own.number)].map(([phone, at]) => ({
    optoutNumber: national(phone),
    createTimestamp: new Date(at).toISOString(),
  }));
  return page(below, 'recipientOptouts', rows, query);
}

/** By direction, status, a tag or a number, and time. */
function searchOf(query: URLSearchParams): (message: LedgerMessage) => boolean {
  const [direction, status, filter] = ['direction', 'status', 'filter'].map((name) => query.get(name));
  const from = Date.parse(query.get('startTime') ?? '1970-01-01');
  return (message) => {
    const { to, from: sender } = ends(message);
    return (
      message.createdAt >= from &&
      (direction === null || direction === (message.origin === 'phone' ? 'incoming' : 'outgoing')) &&
      (status === null || status === statusOf(message)) &&
      (filter === null || [message.reference, to, sender].some((each) => each === filter))
    );
  };
}

/** An offset counts pages. */
function page(below: string, name: string, rows: readonly unknown[], query: URLSearchParams): ApiAnswer {
  const limit = Math.min(50, Math.max(1, Number(query.get('limit')) || 10));
  const offset = Math.max(0, Number(query.get('offset')) || 0);
  const pages = Math.ceil(rows.length / limit);
  const link = (to: number) => `${base}${below}?limit=${limit}&offset=${to}`;
  const paging = {
    nextPage: offset + 1 < pages ? link(offset + 1) : null,
    previousPage: offset > 0 ? link(offset - 1) : null,
    lastPage: link(Math.max(0, pages - 1)),
    totalCount: pages,
  };
  const shown = rows.slice(offset * limit, (offset + 1) * limit);
  return json(200, { [name]: shown, paging }, { 'content-language': 'en-au' });
}
