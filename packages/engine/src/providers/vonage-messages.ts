import { z } from 'zod';
import type { OutgoingAnswer, OutgoingClient } from '../http/outgoing.ts';
import { withoutPlus, withPlus } from './numbers.ts';
import { acceptedBy, basicAuthorization, microUnits, outcomeOfSend, parseJson, refusedBy } from './outcomes.ts';
import { postJson } from './posts.ts';
import type {
  FailureClass,
  OutboundSms,
  ProviderEvent,
  ReceiptStatus,
  SendOutcome,
  WebhookRequest,
} from './provider.ts';
import { mostFiles, receivedMedia } from './received-media.ts';
import { type Account, amountSchema, withoutQuery } from './vonage-account.ts';
import { httpRefusals, messagesFailures, messagesRefusals } from './vonage-errors.ts';

/** Vonage's Messages API, as far as it sends and receives SMS and MMS: https://developer.vonage.com/en/api/messages */

/** Sends a message. @param origin of the API. */
export function sendMessage(
  { credentials }: Account,
  origin: string,
  http: OutgoingClient,
  { from, to, body, media, reference, callbackUrl }: OutboundSms,
  timeoutMs: number,
): Promise<SendOutcome> {
  const message = {
    ...contentOf(body, media),
    from: withoutPlus(from),
    to: withoutPlus(to),
    client_ref: reference,
    webhook_url: withoutQuery(callbackUrl),
    webhook_version: 'v1',
  };
  const authorization = basicAuthorization(credentials.api_key, credentials.api_secret);
  const post = postJson(`${origin}/v1/messages`, { authorization, accept: 'application/json' }, message, timeoutMs);
  return outcomeOfSend(() => http.request(post), sendOutcome);
}

/** One picture is a message of its kind, several are the parts of one; the words go with the first. */
function contentOf(body: string, media: OutboundSms['media']): Readonly<Record<string, unknown>> {
  const [first, ...more] = media.map(({ url }) => ({ url }));
  if (first === undefined) return { channel: 'sms', message_type: 'text', text: body };
  const told = body === '' ? first : { ...first, caption: body };
  if (more.length === 0) return { channel: 'mms', message_type: 'image', image: told };
  const content = [told, ...more].map((each) => ({ type: 'image', ...each }));
  return { channel: 'mms', message_type: 'content', content };
}

const createdSchema = z.object({ message_uuid: z.string().min(1).max(64) });
/** A problem document (RFC 7807), whose `type` ends in the code. */
const problemSchema = z.object({ type: z.string(), title: z.string().default('') });

/** `https://developer.vonage.com/api-errors/messages#1120`; in receipts the title is the code as well. */
function codeOf(problem: z.infer<typeof problemSchema>): string | null {
  const [, code] = /#(\d{1,6})$/.exec(problem.type) ?? /^(\d{1,6})$/.exec(problem.title) ?? [];
  return code ?? null;
}

function sendOutcome(answer: OutgoingAnswer): SendOutcome {
  const { status } = answer;
  const json = parseJson(answer.text);
  if (status === 202) return acceptedBy(answer, createdSchema.safeParse(json).data?.message_uuid);
  const byStatus = httpRefusals.get(status);
  if (byStatus === undefined) return { kind: 'ambiguous', code: `http_${status}` };
  const problem = problemSchema.safeParse(json);
  const code = problem.success ? codeOf(problem.data) : null;
  const errorClass = code === null ? byStatus : messagesRefusals.get(code);
  if (errorClass === undefined) return { kind: 'ambiguous', code: code ?? `http_${status}` };
  return refusedBy(answer, errorClass, code ?? undefined);
}

const receiptSchema = z.object({
  message_uuid: z.string().min(1).max(64),
  status: z.string().min(1).max(32),
  client_ref: z.string().min(1).max(100).optional().catch(undefined),
  error: problemSchema.optional().catch(undefined),
  usage: z
    .object({ price: amountSchema, currency: z.string().regex(/^[A-Z]{3}$/) })
    .optional()
    .catch(undefined),
  sms: z
    .object({ segments: z.array(z.object({ status: z.string() })) })
    .optional()
    .catch(undefined),
});

const fileSchema = z.object({
  url: z
    .string()
    .max(2_000)
    .regex(/^https?:\/\//),
  caption: z.string().max(2_000).default(''),
});
const file = fileSchema.optional().catch(undefined);
const inboundSchema = z.object({
  channel: z.enum(['sms', 'mms']),
  message_uuid: z.string().min(1).max(64),
  from: z.string().min(1).max(32),
  to: z.string().min(1).max(32),
  text: z.string().max(3_200).optional(),
  image: file,
  video: file,
  audio: file,
  file,
  vcard: file,
  // What came beside the file that the message is called after.
  content: z.array(fileSchema).max(mostFiles).optional().catch(undefined),
});

const statuses: ReadonlyMap<string, ReceiptStatus> = new Map(
  Object.entries<ReceiptStatus>({
    submitted: 'sent',
    delivered: 'delivered',
    read: 'delivered',
    rejected: 'undelivered',
    undeliverable: 'failed',
  }),
);

/** Reads a text, or a receipt for a whole message. */
export function readMessage({ address, rawBody }: WebhookRequest): ProviderEvent {
  const json = parseJson(rawBody);
  return (address === 'status' ? readReceipt(json) : readText(json)) ?? { kind: 'unknown' };
}

type Told = z.infer<typeof receiptSchema>;

function readReceipt(json: unknown): ProviderEvent | null {
  const parsed = receiptSchema.safeParse(json);
  const status = parsed.success ? statuses.get(parsed.data.status.trim().toLowerCase()) : undefined;
  if (!parsed.success || status === undefined) return null;
  const { message_uuid: providerId, client_ref: reference = null, error, usage } = parsed.data;
  const errorCode = error === undefined ? null : codeOf(error);
  const receipt = { kind: 'receipt', providerId, reference, errorCode } as const;
  const cost = usage === undefined ? {} : { cost: { microUnits: microUnits(usage.price), currency: usage.currency } };
  if (status === 'undelivered' && isUnconfirmed(parsed.data))
    return { ...receipt, status: 'sent', failure: 'unknown', ...cost };
  const failed = status === 'undelivered' || status === 'failed';
  const failure: FailureClass | null = failed ? (messagesFailures.get(errorCode ?? '') ?? null) : null;
  return { ...receipt, status, failure, ...cost };
}

/**
 * A long message is called rejected as well where the handset has confirmed some of its segments within five minutes and said nothing of the
 * rest: https://developer.vonage.com/en/messages/concepts/multisegment-sms-handling
 */
function isUnconfirmed({ error, sms }: Told): boolean {
  const failed = ['rejected', 'undeliverable'];
  return error === undefined && sms !== undefined && !sms.segments.some(({ status }) => failed.includes(status));
}

function readText(json: unknown): ProviderEvent | null {
  const parsed = inboundSchema.safeParse(json);
  if (!parsed.success) return null;
  const { message_uuid: providerId, from, to, text, image, video, audio, file, vcard, content = [] } = parsed.data;
  const files = [image, video, audio, file, vcard, ...content].filter((each) => each !== undefined);
  const body = text ?? files.find(({ caption }) => caption !== '')?.caption;
  if (body === undefined && files.length === 0) return null;
  const media = receivedMedia([...new Set(files.map(({ url }) => url))].map((url) => ({ url })));
  return {
    kind: 'text',
    providerId,
    from: withPlus(from),
    to: withPlus(to),
    body: body ?? '',
    media,
    carrierWord: null,
  };
}
