import { createHash, createHmac } from 'node:crypto';
import { failures as smsFailures } from './messagebird-errors.ts';
import { withPlus } from './numbers.ts';
import { parseJson, sameText } from './outcomes.ts';
import type { FailureClass, InboundMedia, ProviderEvent, ReceiptStatus, WebhookRequest } from './provider.ts';
import { receivedMedia } from './received-media.ts';

/** What an account says of its channel and of where events have what: paths of names, joined by points. */
export type BirdEvents = {
  readonly bird_channel: string;
  readonly channel_number: string;
  readonly signing_key: string;
  readonly path_channel: string;
  readonly path_direction: string;
  readonly path_id: string;
  readonly path_reference: string;
  readonly path_status: string;
  readonly path_error: string;
  readonly path_from: string;
  readonly path_text: string;
  readonly path_images: string;
};

/** (unverified) What Bird's documents show of a message, within an envelope of service, event and payload. */
export const guessedPaths = {
  path_channel: 'payload.channelId',
  path_direction: 'payload.direction',
  path_id: 'payload.id',
  path_reference: 'payload.reference',
  path_status: 'payload.status',
  path_error: 'payload.failure',
  path_from: 'payload.sender.contact.identifierValue',
  path_text: 'payload.body.text.text',
  path_images: 'payload.body.image',
} as const;

/** https://docs.bird.com/api/channels-api/message-status-and-interactions */
export const statuses: ReadonlyMap<string, ReceiptStatus> = new Map(
  Object.entries<ReceiptStatus>({
    accepted: 'accepted',
    processing: 'accepted',
    scheduled: 'accepted',
    sent: 'sent',
    delivered: 'delivered',
    sending_failed: 'failed',
    delivery_failed: 'undelivered',
  }),
);

/**
 * Codes of Bird's own, which say less than those of its SMS platform.
 * https://docs.bird.com/api/channels-api/message-status-and-interactions/message-failure-codes
 */
const failures: ReadonlyMap<string, FailureClass> = new Map(
  Object.entries<FailureClass>({
    '11001': 'unsupported',
    '11002': 'invalid_message',
    '12001': 'transient',
    '12002': 'invalid_message',
    '12003': 'unsupported',
    '15001': 'transient',
    '15005': 'invalid_number',
  }),
);

/** What an event tells. Where the account has a signing key, only one that is signed with it tells anything. */
export function readBirdEvent(request: WebhookRequest, account: BirdEvents): ProviderEvent {
  if (account.signing_key !== '' && !isSignedByBird(request, account.signing_key)) return { kind: 'unknown' };
  const event = parseJson(request.rawBody);
  const channel = textAt(event, account.path_channel);
  const providerId = textAt(event, account.path_id);
  // A subscription that names no channel tells of all of them.
  const foreign = channel !== '' && channel.toLowerCase() !== account.bird_channel.toLowerCase();
  if (foreign || providerId === '' || providerId.length > 64) return { kind: 'unknown' };
  const direction = textAt(event, account.path_direction);
  const incoming = direction === '' ? request.address === 'sms' : direction === 'incoming';
  const told = incoming ? textOf(event, providerId, account) : receiptOf(event, providerId, account);
  return told ?? { kind: 'unknown' };
}

function receiptOf(event: unknown, providerId: string, account: BirdEvents): ProviderEvent | null {
  const status = statuses.get(textAt(event, account.path_status).toLowerCase());
  if (status === undefined) return null;
  const failed = valueAt(event, account.path_error);
  const code = textAt(failed, 'code');
  const source = textAt(failed, 'source.name') === 'sms-messagebird' ? textAt(failed, 'source.code') : '';
  const errorCode = [source, code].find((each) => each !== '' && each.length <= 16) ?? null;
  const reference = textAt(event, account.path_reference);
  return {
    kind: 'receipt',
    providerId,
    reference: reference === '' || reference.length > 64 ? null : reference,
    status,
    errorCode,
    failure: smsFailures.get(source) ?? failures.get(code) ?? null,
  };
}

function textOf(event: unknown, providerId: string, account: BirdEvents): ProviderEvent | null {
  const from = textAt(event, account.path_from);
  const images = valueAt(event, account.path_images);
  const media = mediaOf(images);
  const body = textAt(event, account.path_text) || textAt(images, 'text');
  if (!/^[^:]{3,20}$/.test(from) || body.length > 10_000 || (body === '' && media.length === 0)) return null;
  return {
    kind: 'text',
    providerId,
    from: withPlus(from),
    to: account.channel_number,
    body,
    media,
    carrierWord: null,
  };
}

function mediaOf(images: unknown): InboundMedia[] {
  const listed = valueAt(images, 'images');
  const files: readonly unknown[] = Array.isArray(listed) ? listed : [];
  return receivedMedia(files.map((each) => ({ url: textAt(each, 'mediaUrl') })));
}

/** What stands at the end of a path, through own names only; undefined where it leads nowhere. */
function valueAt(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = new Map<string, unknown>(Object.entries(found)).get(name);
  }
  return found;
}

/** A word or a number there as text; empty for anything else. */
function textAt(value: unknown, path: string): string {
  const found = valueAt(value, path);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
}

const mostSeconds = 300;
/** Bird brings what could not be brought for eight hours, and no document says that it is signed anew; what is played again does nothing. */
const believedSeconds = 9 * 3_600;

/**
 * base64(HMAC-SHA256(key, moment + "\n" + address + "\n" + SHA-256 of the body, in bytes)).
 * https://docs.bird.com/api/notifications-api/api-reference/webhook-subscriptions/verifying-a-webhook-subscription
 */
function isSignedByBird(request: WebhookRequest, signingKey: string): boolean {
  const given = request.header('messagebird-signature') ?? '';
  const moment = request.header('messagebird-request-timestamp') ?? '';
  const expected = createHmac('sha256', signingKey)
    .update(`${moment}\n${request.url}\n`)
    .update(createHash('sha256').update(request.rawBytes).digest())
    .digest('base64');
  if (!sameText(given, expected)) return false;
  // (unverified) Whether it is in seconds or in milliseconds.
  const at = /^\d{1,16}$/.test(moment) ? Number(moment) * (moment.length > 11 ? 1 : 1_000) : Date.parse(moment);
  const age = (request.receivedAt.getTime() - at) / 1_000;
  return age <= believedSeconds && age >= -mostSeconds;
}
