import { messagesOf } from '../account-messages.ts';
import type { Account } from '../accounts.ts';
import { fieldsOf, isText, parseJson } from '../json-document.ts';
import type { LedgerMessage } from '../ledger.ts';
import {
  type ApiAnswer,
  type ApiRequest,
  basic,
  type Callback,
  defineDialect,
  type Handled,
  json,
  type Refusal,
  type RefusalReason,
  type Refused,
  type Tools,
} from './define-dialect.ts';

const path = /^\/api\/v2\/users\/([^/]+)\/messages$/;

/** A request that is refused: https://dev.bandwidth.com/docs/messaging/errors */
interface Problem {
  readonly status: number;
  readonly type: string;
  readonly description: string;
  /** The field at fault, and what is wrong with it. */
  readonly field?: readonly [name: string, description: string];
}

const invalid = (field: string, description: string): Problem => ({
  status: 400,
  type: 'request-validation',
  description: 'Your request could not be accepted.',
  field: [field, description],
});

const queueFull = {
  status: 429,
  type: 'max-message-queue-size-exceeded',
  description: 'The SMS queue for your account is full and cannot accept more messages right now.',
} as const;
const forbidden = { status: 403, type: 'forbidden', description: 'Access Denied' } as const;
const down = {
  status: 503,
  type: 'service-unavailable',
  description: 'The service is temporarily unavailable',
} as const;

/** What stands at once against a message. Most of what happens at Bandwidth is told by a callback instead. */
const refusals: Readonly<Record<RefusalReason, Problem>> = {
  invalid_number: invalid('to', 'must be replaced with a valid E164 formatted telephone number'),
  opted_out: invalid('to', 'has opted out'),
  blocked: invalid('text', 'was rejected'),
  unsupported: invalid('to', 'cannot be reached'),
  sender: invalid('from', 'is not a number of the application'),
  throttled: queueFull,
  funds: forbidden,
  auth: { status: 401, type: 'unauthorized', description: 'Authentication Failed' },
  transient: down,
  invalid_message: invalid('text', 'is too long'),
  expired: invalid('expiration', 'must be in the future'),
  unknown: down,
};

/** The codes of callbacks, with what they are called. */
const failures: Readonly<Record<RefusalReason, readonly [number, string]>> = {
  invalid_number: [4720, 'invalid-destination-address'],
  opted_out: [4775, 'destination-rejected-due-to-user-opt-out'],
  blocked: [4770, 'destination-spam-detected'],
  unsupported: [4404, 'rejected-forbidden-to-number'],
  sender: [4403, 'rejected-forbidden-from-number'],
  throttled: [4785, 'volumetric-violation'],
  funds: [4493, 'rejected-unauthorized'],
  auth: [4452, 'rejected-wrong-application-id'],
  transient: [5600, 'destination-carrier-queue-full'],
  invalid_message: [4752, 'destination-rejected-malformed'],
  expired: [4360, 'message-not-sent-expiration-date-passed'],
  unknown: [9902, 'delivery-receipt-expired'],
};
const unarranged = { undelivered: 4702, failed: 5500 } as const;

/** Bandwidth's Messaging API, version 2: https://dev.bandwidth.com/apis/messaging/ */
export const bandwidth = defineDialect({
  name: 'bandwidth',
  owns: (asked) => asked.startsWith('/api/v2/users/'),
  accountId: /^\d{1,20}$/,
  credentials: ['application_id', 'user', 'password'],
  key: ({ sid, credentials }) => `${sid} ${basic(credentials['user'] ?? '', credentials['password'] ?? '')}`,
  caller: ({ path: asked, header }) => {
    const given = header('authorization');
    return given === undefined ? null : `${path.exec(asked)?.[1] ?? ''} ${given}`;
  },
  unauthorized: () => said(refusals.auth),
  tooLarge: said({ status: 413, type: 'payload-too-large', description: 'The request is too large' }),
  broken: said({ status: 500, type: 'internal-server-error', description: 'Something is broken' }),
  refuse,
  messageId: (hex) => hex,
  handle(request, account, tools) {
    if (request.method === 'POST') return send(account, request);
    if (request.method === 'GET')
      return { answer: json(200, listed(account, new URLSearchParams(request.query), tools)) };
    return { answer: said({ status: 405, type: 'method-not-allowed', description: 'Method Not Allowed' }) };
  },
  failureCode: (status, reason) => (reason === null ? unarranged[status] : failures[reason][0]),
  receipts(message, { status, code, unheardOf, at }, { url, account }) {
    const failed = status === 'undelivered' || status === 'failed';
    const type = unheardOf ? 'dreaming' : failed ? 'failed' : status;
    const name = Object.values(failures).find(([each]) => each === code)?.[1] ?? 'rejected';
    return [
      posted(url, [
        {
          type: `message-${type}`,
          time: new Date(at).toISOString(),
          description: failed ? name : status === 'sent' ? 'Message sent to carrier' : 'ok',
          to: message.to,
          ...(failed && code !== null ? { errorCode: Number(code) } : {}),
          message: { ...resource(message, account, 'out'), text: '', tag: message.reference ?? '' },
        },
      ]),
    ];
  },
  texts(message, { url, number }) {
    return [
      posted(url, [
        {
          type: 'message-received',
          time: new Date(message.createdAt).toISOString(),
          description: 'Incoming message received',
          to: message.to,
          message: resource(message, number.account, 'in'),
        },
      ]),
    ];
  },
});

function said({ status, type, description, field }: Problem): ApiAnswer {
  const fieldErrors = field === undefined ? {} : { fieldErrors: [{ fieldName: field[0], description: field[1] }] };
  return json(status, { type, description, ...fieldErrors });
}

function posted(url: string, body: unknown): Callback {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'BandwidthAPI/v2' },
    body: JSON.stringify(body),
  };
}

function resource(message: LedgerMessage, account: Account, direction: 'in' | 'out'): Record<string, unknown> {
  return {
    id: message.sid,
    owner: direction === 'in' ? message.to : message.from,
    applicationId: account.credentials['application_id'] ?? '',
    time: new Date(message.createdAt).toISOString(),
    segmentCount: message.segments,
    direction,
    to: [message.to],
    from: message.from,
    text: message.body,
    ...(message.media.length === 0 ? {} : { media: message.media.map(({ url }) => url) }),
  };
}

/** Turns a request into a message, or says which field of it is wrong. */
function send(account: Account, { header, body }: ApiRequest): Handled {
  const broken = (problem: Problem): Handled => ({ answer: said(problem), code: problem.type });
  if (header('content-type')?.startsWith('application/json') !== true)
    return broken({ status: 415, type: 'unsupported-content-type', description: "Please use 'application/json'" });
  const asked = fieldsOf(parseJson(body));
  if (asked === null) return broken(invalid('body', 'is no JSON object'));
  const { applicationId, from, text = '', media = [], tag = null, priority = 'default' } = asked;
  const numbers: readonly unknown[] = Array.isArray(asked['to']) ? asked['to'] : [asked['to']];
  const [to] = numbers;
  if (applicationId !== account.credentials['application_id']) return broken(invalid('applicationId', 'is unknown'));
  if (numbers.length !== 1 || !isText(to)) return broken(invalid('to', 'is required: the carrier takes one number'));
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return broken(refusals.invalid_number);
  if (!isText(from) || from === '') return broken(invalid('from', 'is required'));
  if (!isText(text) || text.length > 2_048) return broken(refusals.invalid_message);
  const files: readonly unknown[] = Array.isArray(media) ? media : [media];
  if (!files.every((url) => isText(url) && url.length <= 4_096 && URL.canParse(url)))
    return broken(invalid('media', 'must be URLs'));
  if (text === '' && files.length === 0) return broken(invalid('text', 'is required where there is no media'));
  if (tag !== null && (!isText(tag) || tag.length > 1_024)) return broken(invalid('tag', 'is too long'));
  if (priority !== 'default' && priority !== 'high') return broken(invalid('priority', 'is unknown'));
  return {
    asked: { from, to, body: text, reference: tag, statusCallback: null, media: files.filter(isText) },
    accepted: (message) =>
      json(202, {
        ...resource(message, account, 'out'),
        ...(files.length === 0 ? {} : { media: files }),
        tag: message.reference ?? '',
        priority,
      }),
  };
}

function refuse({ reason, code, status }: Refusal): Refused {
  const problem = refusals[reason];
  const type = code ?? problem.type;
  return { answer: said({ ...problem, type, status: status ?? problem.status }), code: type };
}

/** The list, newest first: it holds neither texts nor tags. */
function listed(account: Account, query: URLSearchParams, { ledger }: Tools): Record<string, unknown> {
  const limit = Math.min(1_000, Math.max(1, Number(query.get('limit')) || 100));
  const skipped = Number(query.get('pageToken')) || 0;
  const rows = messagesOf(account, ledger)
    .map((message) => item(message, account))
    .filter((row) => {
      const at = Date.parse(row.receiveTime);
      return (
        (['messageId', 'messageDirection', 'messageStatus', 'messageType'] as const).every(
          (name) => (query.get(name) ?? row[name]) === row[name],
        ) &&
        row.sourceTn.includes(query.get('sourceTn') ?? '') &&
        row.destinationTn.includes(query.get('destinationTn') ?? '') &&
        at >= Date.parse(query.get('fromDateTime') ?? '1970-01-01') &&
        at <= Date.parse(query.get('toDateTime') ?? '9999-01-01')
      );
    })
    .reverse();
  const end = skipped + limit;
  return {
    totalCount: rows.length,
    pageInfo: end < rows.length ? { nextPageToken: String(end) } : {},
    messages: rows.slice(skipped, end),
  };
}

function item(message: LedgerMessage, account: Account) {
  const incoming = message.origin === 'phone';
  return {
    messageId: message.sid,
    accountId: account.sid,
    sourceTn: message.from,
    destinationTn: message.to,
    messageStatus: message.status.toUpperCase(),
    messageDirection: incoming ? 'INBOUND' : 'OUTBOUND',
    messageType: 'sms',
    segmentCount: message.segments,
    errorCode: Number(message.errorCode ?? 0),
    receiveTime: new Date(message.createdAt).toISOString(),
    carrierName: 'other',
    messageSize: Buffer.byteLength(message.body),
    messageLength: message.body.length,
    attachmentCount: 0,
    recipientCount: 1,
    campaignClass: 'T',
  };
}
