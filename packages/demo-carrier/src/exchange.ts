import { z } from 'zod';
import { AccountBook, dialectOf } from './account-book.ts';
import { type Account, type BusinessNumber, numbersOf } from './accounts.ts';
import type { CallbackAnswer, CallbackSender } from './callbacks.ts';
import { DelayQueue } from './delay-queue.ts';
import type { Asked, Happening, Tools } from './dialects/define-dialect.ts';
import type { FaultRule } from './faults.ts';
import type { ErrorCode, Ledger, LedgerMedia, LedgerMessage, MessageStatus, Origin } from './ledger.ts';
import { MediaBox, mediaPath, type SampleName } from './media.ts';
import { readOptOut } from './opt-out.ts';
import type { Random } from './random.ts';

/** How messages fare after they are accepted. */
export const receiptSettingsSchema = z.strictObject({
  /** From acceptance to "sent", and from "sent" to the end, in milliseconds. */
  delay_ms: z.int().nonnegative(),
  /** Callbacks on their way at once. */
  concurrency: z.int().positive(),
  /** Whether "sent" is reported, or only the end. */
  sent: z.boolean(),
  outcome: z.enum(['delivered', 'undelivered', 'failed']),
  /** The share of messages that end as undelivered (30003) whatever the outcome says. */
  failure_rate: z.number().min(0).max(1),
});
export type ReceiptSettings = z.output<typeof receiptSettingsSchema>;

/** Some of the settings; the rest stay as they are. */
export const receiptChangesSchema = receiptSettingsSchema.partial();
export type ReceiptChanges = z.output<typeof receiptChangesSchema>;

export const receiptDefaults: ReceiptSettings = {
  delay_ms: 150,
  concurrency: 16,
  sent: true,
  outcome: 'delivered',
  failure_rate: 0,
};

export interface ExchangeParts {
  readonly ledger: Ledger;
  readonly callbacks: CallbackSender;
  readonly random: Random;
  readonly now: () => number;
  /** 32 hexadecimal digits, others at each call. */
  readonly hex: () => string;
  readonly tools: Omit<Tools, 'ledger' | 'now' | 'keep'>;
  readonly receipts: ReceiptSettings;
}

const nothing = { reason: null, code: null } as const;

/** The carrier's inside: accepts messages, carries them to phones, reports on them, and brings texts to customers. */
export class Exchange {
  readonly accounts = new AccountBook();
  receipts: ReceiptSettings;
  readonly media = new MediaBox();
  /** Where the carrier listens; customers fetch pictures there. */
  origin = '';
  readonly #parts: ExchangeParts;
  readonly #later: DelayQueue<() => void>;
  #stopped = false;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
    this.receipts = parts.receipts;
    this.#later = new DelayQueue(parts.now, (act) => act());
  }

  get ledger(): Ledger {
    return this.#parts.ledger;
  }

  /** Messages between acceptance and their end, and callbacks not yet answered. */
  get underway(): number {
    return this.#later.size + this.#parts.callbacks.pending;
  }

  /** What APIs are handed. */
  get tools(): Tools {
    const { ledger, now, tools } = this.#parts;
    const keep: Tools['keep'] = (bytes, type) => this.placeOf(this.media.keep(bytes, type).sha256);
    return { ledger, now, keep, ...tools };
  }

  /**
   * Takes responsibility for a message. Resolves `reported` when its first receipt was answered, for those who
   * want the receipt before the response.
   */
  accept(
    account: Account,
    asked: Asked,
    faults: readonly FaultRule[] = [],
    origin: Exclude<Origin, 'phone'> = 'api',
  ): { message: LedgerMessage; reported: Promise<void> } {
    const own = numbersOf(account).find(({ number }) => number === asked.from);
    const message = this.#parts.ledger.add({
      origin,
      from: asked.from,
      to: asked.to,
      body: asked.body,
      media: (asked.media ?? []).map((each) => this.#taken(each)),
      reference: asked.reference,
      messagingServiceSid: asked.messagingServiceSid ?? null,
      statusCallback: asked.statusCallback ?? own?.statusCallback ?? null,
      sid: dialectOf(account).messageId(this.#parts.hex()),
      dialect: account.dialect,
      accountSid: account.sid,
      status: 'queued',
      createdAt: this.#parts.now(),
    });
    return { message, reported: this.#carry(message, faults) };
  }

  /** Goes on with what an earlier process accepted and did not finish: messages, and texts of which the customer was not told. */
  resume(): void {
    for (const message of this.ledger.messages) {
      if (message.status === 'queued') void this.#carry(message, []);
      else if (message.status === 'sent') this.#later.add(() => this.#finish(message, []), this.receipts.delay_ms);
    }
    for (const message of this.ledger.unreported()) {
      const number = this.accounts.number(message.to);
      if (number === undefined) this.ledger.setReported(message.sid, true);
      else void this.#deliver(message, number, null);
    }
  }

  #carry(message: LedgerMessage, faults: readonly FaultRule[]): Promise<void> {
    const immediate = faults.some((fault) => fault.kind === 'receipt_before_response');
    return new Promise((resolve) => {
      const sent = async () => {
        if (message.media.some(({ sha256 }) => sha256 === null)) await this.#fetchMedia(message);
        this.#setStatus(message, 'sent', null);
        const reordered = faults.some((fault) => fault.kind === 'receipt_reorder');
        if (this.receipts.sent && !reordered) await this.#report(message, 'sent', nothing, faults);
        this.#later.add(() => this.#finish(message, faults), this.receipts.delay_ms);
        resolve();
      };
      if (immediate) void sent();
      else this.#later.add(sent, this.receipts.delay_ms);
    });
  }

  #taken(media: NonNullable<Asked['media']>[number]): LedgerMedia {
    if (typeof media === 'string') return { url: media, sha256: null, type: '' };
    const { sha256, type } = this.media.keep(media.bytes, media.type);
    return { url: '', sha256, type };
  }

  /** Fetches the pictures before the message goes on, as carriers do. */
  async #fetchMedia(message: LedgerMessage): Promise<void> {
    const fetched = message.media.map(async (each): Promise<LedgerMedia> => {
      const picture = each.sha256 === null ? await this.media.fetch(each.url) : null;
      return picture === null ? each : { url: each.url, sha256: picture.sha256, type: picture.type };
    });
    this.ledger.setMedia(message.sid, await Promise.all(fetched));
  }

  async #finish(message: LedgerMessage, faults: readonly FaultRule[]): Promise<void> {
    const arranged = faults.find((fault) => fault.kind === 'receipt_status');
    const { failure_rate: failureRate } = this.receipts;
    const unlucky = failureRate > 0 && message.origin === 'api' && this.#parts.random() < failureRate;
    const outcome = arranged?.outcome ?? (unlucky ? 'undelivered' : this.receipts.outcome);
    const reason = arranged?.reason ?? null;
    const code = arranged?.error_code ?? this.#failureCode(message, outcome, reason);
    this.#setStatus(message, outcome, code);
    const late = faults.find((fault) => fault.kind === 'receipt_late');
    if (late !== undefined) {
      this.#later.add(() => this.#report(message, outcome, { reason, code }, faults), late.ms ?? 10_000);
      return;
    }
    await this.#report(message, outcome, { reason, code }, faults);
    if (faults.some((fault) => fault.kind === 'receipt_reorder')) await this.#report(message, 'sent', nothing, faults);
  }

  #failureCode(message: LedgerMessage, status: Happening['status'], reason: Happening['reason']): ErrorCode | null {
    const account = this.accounts.get({ dialect: message.dialect, sid: message.accountSid });
    if (account === undefined || (status !== 'undelivered' && status !== 'failed')) return null;
    return dialectOf(account).failureCode(status, reason);
  }

  #setStatus(message: LedgerMessage, status: MessageStatus, errorCode: ErrorCode | null): void {
    this.#parts.ledger.setStatus(message.sid, status, errorCode, this.#parts.now());
  }

  async #report(
    message: LedgerMessage,
    status: Happening['status'],
    why: Pick<Happening, 'reason' | 'code'>,
    faults: readonly FaultRule[],
  ): Promise<void> {
    const account = this.accounts.get({ dialect: message.dialect, sid: message.accountSid });
    const url = message.statusCallback;
    if (message.origin !== 'api' || url === null || account === undefined) return;
    if (faults.some((fault) => fault.kind === 'receipt_never')) return;
    const unheardOf = faults.some((fault) => fault.kind === 'receipt_unknown');
    const times = faults.some((fault) => fault.kind === 'receipt_duplicate') ? 2 : 1;
    const happening = { status, ...why, unheardOf, at: this.#parts.now() };
    const posts = Array.from({ length: times }, () =>
      dialectOf(account).receipts(message, happening, { url, account }, this.tools),
    ).flat();
    await Promise.all(
      posts.map(async (callback) => {
        this.#record(message.sid, status, await this.#parts.callbacks.make(callback));
      }),
    );
  }

  #record(sid: string, status: MessageStatus, answer: CallbackAnswer): void {
    this.ledger.addReceipt({ sid, status, answer: answer.status, at: this.#parts.now() });
  }

  /** A picture as a phone sends it. */
  sample(name: SampleName): LedgerMedia {
    const { sha256, type } = this.media.sample(name);
    return { url: this.placeOf(sha256), sha256, type };
  }

  placeOf(sha256: string): string {
    return `${this.origin}${mediaPath}${sha256}`;
  }

  /** Someone texts from a phone to a business number. The customer is told in the background. */
  textFromPhone(
    phone: string,
    number: BusinessNumber,
    body: string,
    media: readonly LedgerMedia[] = [],
  ): LedgerMessage {
    const { account } = number;
    const message = this.ledger.add({
      sid: dialectOf(account).messageId(this.#parts.hex()),
      dialect: account.dialect,
      accountSid: account.sid,
      origin: 'phone',
      from: phone,
      to: number.number,
      messagingServiceSid: null,
      reference: null,
      body,
      media,
      statusCallback: null,
      status: 'received',
      createdAt: this.#parts.now(),
    });
    const action =
      account.opt_out === 'carrier' ? readOptOut(body, this.ledger.isBlocked(number.number, phone)) : undefined;
    if (action !== undefined) {
      this.ledger.setBlocked(number.number, phone, action.blocked, this.#parts.now());
      if (action.answer !== undefined) this.#answer(number, phone, action.answer, 'carrier');
    }
    this.ledger.setReported(message.sid, false);
    void this.#deliver(message, number, action?.type ?? null);
    return message;
  }

  #answer(number: BusinessNumber, phone: string, body: string, origin: 'carrier' | 'twiml'): void {
    const asked = { from: number.number, to: phone, body, reference: null, statusCallback: null };
    this.accept(number.account, asked, [], origin);
  }

  async #deliver(
    message: LedgerMessage,
    number: BusinessNumber,
    optOutType: 'STOP' | 'START' | 'HELP' | null,
  ): Promise<void> {
    const { account, smsUrl } = number;
    if (smsUrl === null) {
      this.ledger.setReported(message.sid, true);
      return;
    }
    const dialect = dialectOf(account);
    const callbacks = dialect.texts(message, { url: smsUrl, number, optOutType }, this.tools);
    const answers = await Promise.all(callbacks.map((callback) => this.#parts.callbacks.make(callback)));
    if (this.#stopped) return;
    this.ledger.setReported(message.sid, true);
    for (const answer of answers) {
      this.#record(message.sid, 'received', answer);
      if (answer.status < 200 || answer.status > 299) continue;
      for (const reply of dialect.replies?.(answer.body) ?? []) {
        if (this.ledger.isBlocked(number.number, message.from))
          this.ledger.addRefusal(dialect.refuse({ reason: 'opted_out' }, account).code);
        else this.#answer(number, message.from, reply, 'twiml');
      }
    }
  }

  /** Forgets what is under way; nothing more is reported. */
  stop(): void {
    this.#stopped = true;
    this.#later.clear();
  }
}
