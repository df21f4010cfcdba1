import { z } from 'zod';
import { countSegments } from './segments.ts';

export const messageStatusSchema = z.enum(['queued', 'sent', 'delivered', 'undelivered', 'failed', 'received']);
export type MessageStatus = z.output<typeof messageStatusSchema>;

/** Where a message came from: the customer's API call, a phone, the customer's TwiML answer, or the carrier itself. */
export type Origin = 'api' | 'phone' | 'twiml' | 'carrier';

/** A code as whatever API the account's owner speaks has it. */
export type ErrorCode = number | string;

export interface LedgerMessage {
  /** Counts from 1, in the order of acceptance. */
  readonly seq: number;
  readonly sid: string;
  /** The API that its account's owner speaks. */
  readonly dialect: string;
  readonly accountSid: string;
  readonly origin: Origin;
  readonly from: string;
  readonly to: string;
  readonly messagingServiceSid: string | null;
  readonly body: string;
  readonly segments: number;
  readonly statusCallback: string | null;
  /** Pictures that go with it. */
  media: readonly LedgerMedia[];
  /** What the customer's request wants echoed. */
  readonly reference: string | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  updatedAt: number;
  sentAt: number | null;
  status: MessageStatus;
  errorCode: ErrorCode | null;
}

/** A picture of a message. */
export interface LedgerMedia {
  /** Where it came from; of one that a phone sent, where the carrier has it. Empty for one that came with the request. */
  readonly url: string;
  /** Null until it was fetched, and for one that could not be. */
  readonly sha256: string | null;
  readonly type: string;
}

export interface ReceiptRecord {
  readonly sid: string;
  readonly status: MessageStatus;
  /** The customer's HTTP answer, or 0 when it could not be reached. */
  readonly answer: number;
  readonly at: number;
}

/** A change a phone's screen shows. */
export interface PhoneEvent {
  readonly id: number;
  readonly phone: string;
  readonly kind: 'message' | 'status';
  readonly message: LedgerMessage;
}

export type LedgerEntry =
  | { readonly t: 'message'; readonly message: LedgerMessage }
  | {
      readonly t: 'status';
      readonly sid: string;
      readonly status: MessageStatus;
      readonly errorCode: ErrorCode | null;
      readonly at: number;
    }
  | { readonly t: 'media'; readonly sid: string; readonly media: readonly LedgerMedia[] }
  | { readonly t: 'told'; readonly sid: string; readonly told: boolean }
  | {
      readonly t: 'block';
      readonly number: string;
      readonly phone: string;
      readonly blocked: boolean;
      readonly at: number;
    };

export type NewMessage = Omit<LedgerMessage, 'seq' | 'segments' | 'updatedAt' | 'sentAt' | 'errorCode'>;

const keptEvents = 2_000;

/** The person's side of a message. */
export function phoneOf(message: Pick<LedgerMessage, 'origin' | 'from' | 'to'>): string {
  return message.origin === 'phone' ? message.from : message.to;
}

/** Whether the person's phone shows it: what they wrote, and what reached them. */
export function isOnPhone(message: LedgerMessage): boolean {
  return message.origin === 'phone' || message.status === 'sent' || message.status === 'delivered';
}

/** Everything the carrier accepted, said and was told. Held in memory; `onEntry` sees what must outlive the process. */
export class Ledger {
  readonly messages: LedgerMessage[] = [];
  readonly receipts: ReceiptRecord[] = [];
  readonly refusals = new Map<string, number>();
  readonly #bySid = new Map<string, LedgerMessage>();
  readonly #byPhone = new Map<string, LedgerMessage[]>();
  /** Who asked a number for silence, and when (milliseconds since 1970). */
  readonly #blocked = new Map<string, Map<string, number>>();
  /** Segments that an account sent, by its sid. */
  readonly #segments = new Map<string, number>();
  /** Texts from phones that have not been reported to the customer yet. */
  readonly #unreported = new Set<string>();
  readonly #listeners = new Set<(event: PhoneEvent) => void>();
  #events: PhoneEvent[] = [];
  #eventCount = 0;
  #onEntry: (entry: LedgerEntry) => void;

  constructor(onEntry: (entry: LedgerEntry) => void = () => undefined) {
    this.#onEntry = onEntry;
  }

  /** Takes up the entries of an earlier process, without writing them again. */
  restore(entries: Iterable<LedgerEntry>): void {
    const write = this.#onEntry;
    this.#onEntry = () => undefined;
    for (const entry of entries) {
      if (entry.t === 'message') this.#store({ ...entry.message, seq: this.messages.length + 1 });
      else if (entry.t === 'status') this.setStatus(entry.sid, entry.status, entry.errorCode, entry.at);
      else if (entry.t === 'media') this.setMedia(entry.sid, entry.media);
      else if (entry.t === 'told') this.setReported(entry.sid, entry.told);
      else this.setBlocked(entry.number, entry.phone, entry.blocked, entry.at);
    }
    this.#onEntry = write;
  }

  #store(message: LedgerMessage): LedgerMessage {
    this.messages.push(message);
    this.#bySid.set(message.sid, message);
    const { dialect, accountSid: sid } = message;
    if (message.origin === 'api')
      this.#segments.set(`${dialect} ${sid}`, this.segmentsOf({ dialect, sid }) + message.segments);
    const phone = phoneOf(message);
    const theirs = this.#byPhone.get(phone);
    if (theirs === undefined) this.#byPhone.set(phone, [message]);
    else theirs.push(message);
    return message;
  }

  add(input: NewMessage): LedgerMessage {
    const message = this.#store({
      ...input,
      seq: this.messages.length + 1,
      segments: countSegments(input.body),
      updatedAt: input.createdAt,
      sentAt: null,
      errorCode: null,
    });
    this.#onEntry({ t: 'message', message });
    if (isOnPhone(message)) this.#emit('message', message);
    return message;
  }

  setStatus(sid: string, status: MessageStatus, errorCode: ErrorCode | null, at: number): void {
    const message = this.#bySid.get(sid);
    if (message === undefined || message.status === status) return;
    const wasShown = isOnPhone(message);
    message.status = status;
    message.errorCode = errorCode;
    message.updatedAt = at;
    if (status === 'sent' || status === 'delivered' || status === 'undelivered') message.sentAt ??= at;
    this.#onEntry({ t: 'status', sid, status, errorCode, at });
    if (isOnPhone(message)) this.#emit(wasShown ? 'status' : 'message', message);
    else if (wasShown) this.#emit('status', message);
  }

  /** What became of the pictures of a message. */
  setMedia(sid: string, media: readonly LedgerMedia[]): void {
    const message = this.#bySid.get(sid);
    if (message === undefined) return;
    message.media = media;
    this.#onEntry({ t: 'media', sid, media });
  }

  /** Whether a text from a phone has been reported to the customer. */
  setReported(sid: string, reported: boolean): void {
    if (reported) this.#unreported.delete(sid);
    else this.#unreported.add(sid);
    this.#onEntry({ t: 'told', sid, told: reported });
  }

  /** Texts from phones that have not been reported to the customer, oldest first. */
  unreported(): LedgerMessage[] {
    return [...this.#unreported].map((sid) => this.#bySid.get(sid)).filter((message) => message !== undefined);
  }

  addReceipt(record: ReceiptRecord): void {
    this.receipts.push(record);
  }

  /** Segments that an account sent through its API. */
  segmentsOf({ dialect, sid }: { readonly dialect: string; readonly sid: string }): number {
    return this.#segments.get(`${dialect} ${sid}`) ?? 0;
  }

  addRefusal(code: string): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }

  get(sid: string): LedgerMessage | undefined {
    return this.#bySid.get(sid);
  }

  /** Messages of one phone, oldest first. */
  ofPhone(phone: string): readonly LedgerMessage[] {
    return this.#byPhone.get(phone) ?? [];
  }

  phones(): string[] {
    return [...this.#byPhone.keys()];
  }

  isBlocked(number: string, phone: string): boolean {
    return this.#blocked.size > 0 && this.#blocked.get(number)?.has(phone) === true;
  }

  /** Who asked a number for silence, with the moments. */
  blockedOf(number: string): ReadonlyMap<string, number> {
    return this.#blocked.get(number) ?? new Map();
  }

  setBlocked(number: string, phone: string, blocked: boolean, at: number): void {
    const phones = this.#blocked.get(number) ?? new Map<string, number>();
    if (blocked) this.#blocked.set(number, phones.set(phone, phones.get(phone) ?? at));
    else phones.delete(phone);
    this.#onEntry({ t: 'block', number, phone, blocked, at });
  }

  /** Texts that stand more than once with the same sender, person and body among those sent through the API. */
  repeats(): { from: string; to: string; body: string; sids: string[] }[] {
    const seen = new Map<string, LedgerMessage[]>();
    for (const message of this.messages) {
      if (message.origin !== 'api') continue;
      const key = `${message.from} ${message.to} ${message.body}`;
      const same = seen.get(key);
      if (same === undefined) seen.set(key, [message]);
      else same.push(message);
    }
    return [...seen.values()]
      .filter((same) => same.length > 1)
      .map((same) => ({
        from: same[0]?.from ?? '',
        to: same[0]?.to ?? '',
        body: same[0]?.body ?? '',
        sids: same.map((message) => message.sid),
      }));
  }

  counts(): Record<string, unknown> {
    const origins: Record<Origin, number> = { api: 0, phone: 0, twiml: 0, carrier: 0 };
    const statuses: Record<string, number> = {};
    for (const message of this.messages) {
      origins[message.origin] += 1;
      if (message.origin === 'api') statuses[message.status] = (statuses[message.status] ?? 0) + 1;
    }
    const posts = { receipts: 0, receipts_not_taken: 0, inbound_posts: 0, inbound_not_taken: 0 };
    for (const { status, answer } of this.receipts) {
      const taken = answer >= 200 && answer <= 299;
      posts[status === 'received' ? 'inbound_posts' : 'receipts'] += 1;
      if (!taken) posts[status === 'received' ? 'inbound_not_taken' : 'receipts_not_taken'] += 1;
    }
    return {
      accepted: origins.api,
      inbound: origins.phone,
      twiml_replies: origins.twiml,
      carrier_replies: origins.carrier,
      by_status: statuses,
      ...posts,
      refused: Object.fromEntries(this.refusals),
    };
  }

  /** Hears what happens on phones, after replaying what is kept since `afterId`. Returns the way to stop. */
  listen(listener: (event: PhoneEvent) => void, afterId: number = Number.MAX_SAFE_INTEGER): () => void {
    for (const event of this.#events) if (event.id > afterId) listener(event);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #emit(kind: PhoneEvent['kind'], message: LedgerMessage): void {
    this.#eventCount += 1;
    const event: PhoneEvent = { id: this.#eventCount, phone: phoneOf(message), kind, message };
    this.#events.push(event);
    if (this.#events.length > keptEvents * 2) this.#events = this.#events.slice(-keptEvents);
    for (const listener of this.#listeners) listener(event);
  }

  /** Forgets everything: messages, receipts, opt-outs. */
  clear(): void {
    this.messages.length = 0;
    this.receipts.length = 0;
    this.refusals.clear();
    this.#bySid.clear();
    this.#byPhone.clear();
    this.#blocked.clear();
    this.#segments.clear();
    this.#unreported.clear();
    this.#events = [];
  }
}
