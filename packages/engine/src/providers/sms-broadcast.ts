import { countSegments } from '@signalbox/nodes/text/segments';
import { z } from 'zod';
import type { OutgoingAnswer, OutgoingClient } from '../http/outgoing.ts';
import { fromAustralia, withoutPlus } from './numbers.ts';
import { checkBalance, microUnits, outcomeOfSend, refusedBy } from './outcomes.ts';
import { postForm } from './posts.ts';
import {
  type Checked,
  type ConnectedAs,
  defineProvider,
  type ErrorClass,
  type FailureClass,
  type OutboundSms,
  type ProviderEvent,
  type ReceiptStatus,
  type SendOutcome,
  type WebhookRequest,
} from './provider.ts';

/** What the parameters of requests to us are called, as far as anybody can tell: no document that we found says so. */
const guesses = { to: 'to', from: 'from', message: 'message', ref: 'ref', status: 'status' } as const;
type Parameter = keyof typeof guesses;

const parameter = (of: Parameter, label: string) =>
  z
    .string()
    .regex(/^[\w.-]{0,40}$/)
    .default(guesses[of])
    .meta({ ui: { label, placeholder: guesses[of], control: 'text' } });

const fields = z.object({
  username: z
    .string()
    .regex(/^\S{1,100}$/)
    .meta({
      ui: {
        label: 'API key',
        help: 'In the API settings of your account. Older accounts have a user name.',
        control: 'text',
      },
    }),
  password: z
    .string()
    .min(1)
    .max(200)
    .meta({
      ui: { label: 'API secret', help: 'Comes with the key. Older accounts have a password.', control: 'text' },
    }),
  to_parameter: parameter('to', 'Query name of the number that was texted'),
  from_parameter: parameter('from', 'Query name of who texted'),
  message_parameter: parameter('message', 'Query name of the words of a text'),
  ref_parameter: parameter('ref', 'Query name of our reference in a receipt'),
  status_parameter: parameter('status', 'Query name of the status in a receipt'),
});

type Account = ConnectedAs<z.infer<typeof fields>>;

/** Segments of one text at most, by the document of 2014: later ones name no limit. */
const mostSegments = 5;

/** SMS Broadcast's Advanced HTTP API: https://support.smsbroadcast.com.au/hc/en-us/articles/4412014961423-Advanced-API-Documentation */
export const smsBroadcast = defineProvider({
  type: 'sms-broadcast',
  title: 'SMS Broadcast',
  baseUrl: 'https://api.smsbroadcast.com.au',
  account: {
    fields,
    identity: 'username',
    secrets: ['password'],
    example: {
      username: 'our-api-key',
      password: 'the-secret-of-the-key',
      to_parameter: 'to',
      from_parameter: 'from',
      message_parameter: 'message',
      ref_parameter: 'ref',
      status_parameter: 'status',
    },
  },
  senders: ['long_code', 'alphanumeric'],
  capabilities: { media: false, signed: false, answersOptOuts: false, polls: false },
  unverified:
    'SMS Broadcast does not document emoji, replies and receipts: ask its support to switch on the last two, and change the query names here if none arrive.',
  limits: { textLength: { gsm7: 153 * mostSegments, ucs2: 67 * mostSegments }, reference: 20 },
  webhooks: { methods: ['GET'], acknowledgement: { contentType: 'text/plain', body: 'OK' } },
  demo: { known: ({ password }) => ({ password }) },
  connect: (account, http) => ({
    send: (message, timeoutMs) => send(account, http, message, timeoutMs),
    check: (timeoutMs) => check(account, http, timeoutMs),
    read: (request) => [readEvent(account, request) ?? { kind: 'unknown' }],
  }),
});

/** Asks the one address of the API. The credentials go in the body: a query would stand in logs. */
function ask(
  { baseUrl, credentials }: Account,
  http: OutgoingClient,
  form: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<OutgoingAnswer> {
  const { username, password } = credentials;
  const asked = new URLSearchParams({ username, password, ...form });
  return http.request(postForm(`${baseUrl}/api-adv.php`, {}, asked, timeoutMs));
}

async function send(
  account: Account,
  http: OutgoingClient,
  { from, to, body, reference }: OutboundSms,
  timeoutMs: number,
): Promise<SendOutcome> {
  const { segments } = countSegments(body);
  // Its simple API cuts off what is too long, and nobody says what this one does: half a text is worse than none.
  if (segments > mostSegments)
    return { kind: 'refused', errorClass: 'invalid_message', code: 'too_long', retryAfterMs: null };
  const form = {
    to: withoutPlus(to),
    from: withoutPlus(from),
    message: body,
    ref: reference,
    // One unless told otherwise, and a longer text is refused then.
    maxsplit: String(Math.max(1, segments)),
  };
  return outcomeOfSend(
    () => ask(account, http, form, timeoutMs),
    (answer) => sendOutcome(answer, reference),
  );
}

/** Its answers are a line each, of 200 whatever they say: `OK:<number>:<id>`, `BAD:<number>:<reason>`, or `ERROR:<reason>` of a whole request. */
const acceptedLine = /^OK:[^:]+:\s*\S+$/;
const refusedLine = /^(?:(BAD):[^:]*|ERROR):(.*)$/;
const balanceLine = /^OK:\s*(-?[\d.]+)$/;

/**
 * Reasons by class, in the order in which they are tried: no document lists them, so they go by their words. What sounds like the
 * provider's own failure refuses nothing.
 */
const reasons: ReadonlyArray<readonly [RegExp, ErrorClass | 'doubt']> = [
  [
    /internal|temporar|unavailable|try again|time ?out|system|server|gateway|database|exception|unexpected|unknown error/i,
    'doubt',
  ],
  [/opt(ed)?[ -]?out|unsubscri/i, 'opted_out'],
  [/user ?name|password|credential|authenti|authori[sz]|log ?in|api key|access denied|disabled/i, 'auth'],
  [/credit|balance|funds/i, 'funds'],
  [/sender|\bfrom (field|parameter|number)/i, 'sender'],
  [/too many|too fast|rate limit|throttl/i, 'throttled'],
  [/block|spam|blacklist|barred/i, 'blocked'],
  [/country|destination|not supported|landline/i, 'unsupported'],
  [/message|characters|maxsplit/i, 'invalid_message'],
  [/number|recipient|mobile/i, 'invalid_number'],
];

function classOf(reason: string, bad: boolean): ErrorClass | 'doubt' {
  const known = reasons.find(([words]) => words.test(reason))?.[1];
  return known ?? (bad ? 'invalid_number' : 'invalid_message');
}

/** A reason as a code: its words, joined. */
const codeOf = (reason: string): string =>
  reason
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .slice(0, 60) || 'no_reason';

function sendOutcome(answer: OutgoingAnswer, reference: string): SendOutcome {
  const { status, text } = answer;
  if (status === 429) return refusedBy(answer, 'throttled');
  if (status !== 200) return { kind: 'ambiguous', code: `http_${status}` };
  const line = text.trim();
  // Receipts name the message by our reference alone: its own id comes back nowhere that we know of.
  if (acceptedLine.test(line)) return { kind: 'accepted', providerId: reference };
  const [, bad, reason] = refusedLine.exec(line) ?? [];
  if (reason === undefined) return { kind: 'ambiguous', code: 'unreadable_200' };
  const errorClass = classOf(reason, bad !== undefined);
  return errorClass === 'doubt'
    ? { kind: 'ambiguous', code: codeOf(reason) }
    : { kind: 'refused', errorClass, code: codeOf(reason), retryAfterMs: null };
}

/** Credits of the provider's own: what one is worth goes by the account. */
function check(account: Account, http: OutgoingClient, timeoutMs: number): Promise<Checked> {
  return checkBalance(
    () => ask(account, http, { action: 'balance' }, timeoutMs),
    (text) => {
      const line = text.trim();
      const credits = balanceLine.exec(line)?.[1];
      if (credits !== undefined) return { microUnits: microUnits(credits), currency: null };
      const reason = refusedLine.exec(line)?.[2];
      if (reason === undefined) return { ok: false, errorClass: 'transient', code: 'unreadable' };
      return { ok: false, errorClass: classOf(reason, false) === 'auth' ? 'auth' : 'transient', code: codeOf(reason) };
    },
  );
}

const receiptSchema = z.object({ ref: z.string().min(1).max(64), status: z.string().min(1).max(32) });
const inboundSchema = z.object({
  from: z.string().trim().min(1).max(32),
  to: z.string().trim().min(1).max(32),
  message: z.string().max(2_000),
});

const statuses: ReadonlyMap<string, { readonly status: ReceiptStatus; readonly failure: FailureClass | null }> =
  new Map([
    ['delivered', { status: 'delivered', failure: null }],
    ['expired', { status: 'undelivered', failure: 'expired' }],
    ['failed', { status: 'failed', failure: null }],
  ]);

function readEvent({ credentials }: Account, { address, query }: WebhookRequest): ProviderEvent | null {
  const given = (of: Parameter): string | undefined => {
    const name = credentials[`${of}_parameter`];
    return query.get(name === '' ? guesses[of] : name) ?? undefined;
  };
  return address === 'status' ? readReceipt(given) : readText(given);
}

function readReceipt(given: (of: Parameter) => string | undefined): ProviderEvent | null {
  const parsed = receiptSchema.safeParse({ ref: given('ref'), status: given('status') });
  const told = parsed.success ? statuses.get(parsed.data.status.trim().toLowerCase()) : undefined;
  if (!parsed.success || told === undefined) return null;
  const { ref } = parsed.data;
  return { kind: 'receipt', providerId: ref, reference: ref, errorCode: null, ...told };
}

/**
 * The references in a text are of the message that it answers, as far as anybody can tell, and two answers to one message would be one
 * text by them: it has no id.
 */
function readText(given: (of: Parameter) => string | undefined): ProviderEvent | null {
  const parsed = inboundSchema.safeParse({ from: given('from'), to: given('to'), message: given('message') });
  if (!parsed.success) return null;
  const { from, to, message } = parsed.data;
  return {
    kind: 'text',
    providerId: null,
    from: fromAustralia(from),
    to: fromAustralia(to),
    body: message,
    media: [],
    carrierWord: null,
  };
}
