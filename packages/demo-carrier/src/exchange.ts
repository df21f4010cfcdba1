import { z } from 'zod';
import { type Account, AccountBook, type BusinessNumber } from './accounts.ts';
import type { CallbackAnswer, CallbackSender } from './callbacks.ts';
import { DelayQueue } from './delay-queue.ts';
import type { FaultRule } from './faults.ts';
import type { Ledger, LedgerMessage, MessageStatus, Origin } from './ledger.ts';
import { readOptOut } from './opt-out.ts';
import type { Random } from './random.ts';
import { readTwiml } from './twiml.ts';
import { apiVersion } from './wire.ts';

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
  readonly sid: (kind: 'SM') => string;
  readonly receipts: ReceiptSettings;
}

export interface Outgoing {
  readonly account: Account;
  readonly origin: Exclude<Origin, 'phone'>;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly messagingServiceSid: string | null;
  readonly statusCallback: string | null;
}

const defaultErrorCodes = { delivered: null, undelivered: 30003, failed: 30008 } as const;

/** The carrier's inside: accepts messages, carries them to phones, reports on them, and brings texts to customers. */
export class Exchange {
  readonly accounts = new AccountBook();
  receipts: ReceiptSettings;
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

  /**
   * Takes responsibility for a message. Resolves `reported` when its first receipt was answered, for those who
   * want the receipt before the response.
   */
  accept(outgoing: Outgoing, faults: readonly FaultRule[] = []): { message: LedgerMessage; reported: Promise<void> } {
    const { account, ...rest } = outgoing;
    const message = this.#parts.ledger.add({
      ...rest,
      sid: this.#parts.sid('SM'),
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
      else void this.#deliver(message, number, undefined);
    }
  }

  #carry(message: LedgerMessage, faults: readonly FaultRule[]): Promise<void> {
    const immediate = faults.some((fault) => fault.kind === 'receipt_before_response');
    return new Promise((resolve) => {
      const sent = async () => {
        this.#setStatus(message, 'sent', null);
        const reordered = faults.some((fault) => fault.kind === 'receipt_reorder');
        if (this.receipts.sent && !reordered) await this.#report(message, 'sent', null, faults);
        this.#later.add(() => this.#finish(message, faults), this.receipts.delay_ms);
        resolve();
      };
      if (immediate) void sent();
      else this.#later.add(sent, this.receipts.delay_ms);
    });
  }

  async #finish(message: LedgerMessage, faults: readonly FaultRule[]): Promise<void> {
    const arranged = faults.find((fault) => fault.kind === 'receipt_status');
    const { failure_rate: failureRate } = this.receipts;
    const unlucky = failureRate > 0 && message.origin === 'api' && this.#parts.random() < failureRate;
    const outcome = arranged?.outcome ?? (unlucky ? 'undelivered' : this.receipts.outcome);
    const errorCode = arranged?.error_code ?? defaultErrorCodes[outcome];
    this.#setStatus(message, outcome, errorCode);
    await this.#report(message, outcome, errorCode, faults);
    if (faults.some((fault) => fault.kind === 'receipt_reorder')) await this.#report(message, 'sent', null, faults);
  }

  #setStatus(message: LedgerMessage, status: MessageStatus, errorCode: number | null): void {
    this.#parts.ledger.setStatus(message.sid, status, errorCode, this.#parts.now());
  }

  async #report(
    message: LedgerMessage,
    status: MessageStatus,
    errorCode: number | null,
    faults: readonly FaultRule[],
  ): Promise<void> {
    const account = this.accounts.get(message.accountSid);
    const url = message.statusCallback;
    if (message.origin !== 'api' || url === null || account === undefined) return;
    if (faults.some((fault) => fault.kind === 'receipt_never')) return;
    const form: Record<string, string> = {
      AccountSid: message.accountSid,
      ApiVersion: apiVersion,
      From: message.from,
      MessageSid: message.sid,
      MessageStatus: status,
      SmsSid: message.sid,
      SmsStatus: status,
      To: message.to,
    };
    if (message.messagingServiceSid !== null) form.MessagingServiceSid = message.messagingServiceSid;
    if (errorCode !== null) form.ErrorCode = String(errorCode);
    const times = faults.some((fault) => fault.kind === 'receipt_duplicate') ? 2 : 1;
    const posts = Array.from({ length: times }, async () => {
      const answer = await this.#parts.callbacks.post(url, account.auth_token, form);
      this.#record(message.sid, status, answer);
    });
    await Promise.all(posts);
  }

  #record(sid: string, status: MessageStatus, answer: CallbackAnswer): void {
    this.ledger.addReceipt({ sid, status, answer: answer.status, at: this.#parts.now() });
  }

  /** Someone texts from a phone to a business number. The customer is told in the background. */
  textFromPhone(phone: string, number: BusinessNumber, body: string): LedgerMessage {
    const { account } = number;
    const message = this.ledger.add({
      sid: this.#parts.sid('SM'),
      accountSid: account.sid,
      origin: 'phone',
      from: phone,
      to: number.number,
      messagingServiceSid: null,
      body,
      statusCallback: null,
      status: 'received',
      createdAt: this.#parts.now(),
    });
    const action =
      account.opt_out === 'carrier' ? readOptOut(body, this.ledger.isBlocked(number.number, phone)) : undefined;
    if (action !== undefined) {
      this.ledger.setBlocked(number.number, phone, action.blocked);
      if (action.answer !== undefined) this.#answer(number, phone, action.answer, 'carrier');
    }
    this.ledger.setReported(message.sid, false);
    void this.#deliver(message, number, action?.type);
    return message;
  }

  #answer(number: BusinessNumber, phone: string, body: string, origin: 'carrier' | 'twiml'): void {
    const { account } = number;
    const route = { from: number.number, to: phone, messagingServiceSid: null, statusCallback: null };
    this.accept({ account, origin, body, ...route });
  }

  async #deliver(message: LedgerMessage, number: BusinessNumber, optOutType: string | undefined): Promise<void> {
    const { account, smsUrl } = number;
    if (smsUrl === null) {
      this.ledger.setReported(message.sid, true);
      return;
    }
    const form: Record<string, string> = {
      AccountSid: account.sid,
      ApiVersion: apiVersion,
      Body: message.body,
      From: message.from,
      FromCity: '',
      FromCountry: countryOf(message.from),
      FromState: '',
      FromZip: '',
      MessageSid: message.sid,
      NumMedia: '0',
      NumSegments: String(message.segments),
      SmsMessageSid: message.sid,
      SmsSid: message.sid,
      SmsStatus: 'received',
      To: message.to,
      ToCity: '',
      ToCountry: countryOf(message.to),
      ToState: '',
      ToZip: '',
    };
    if (optOutType !== undefined) form.OptOutType = optOutType;
    const answer = await this.#parts.callbacks.post(smsUrl, account.auth_token, form);
    if (this.#stopped) return;
    this.ledger.setReported(message.sid, true);
    this.#record(message.sid, 'received', answer);
    if (answer.status < 200 || answer.status > 299) return;
    for (const reply of readTwiml(answer.body)) {
      if (this.ledger.isBlocked(number.number, message.from)) this.ledger.addRefusal(21610);
      else this.#answer(number, message.from, reply, 'twiml');
    }
  }

  /** Forgets what is under way; nothing more is reported. */
  stop(): void {
    this.#stopped = true;
    this.#later.clear();
  }
}

const countries: readonly (readonly [string, string])[] = [
  ['+1', 'US'],
  ['+44', 'GB'],
  ['+61', 'AU'],
  ['+49', 'DE'],
  ['+33', 'FR'],
];

function countryOf(number: string): string {
  return countries.find(([prefix]) => number.startsWith(prefix))?.[1] ?? '';
}
