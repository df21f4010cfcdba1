import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, write, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { accountSchema } from './accounts.ts';
import { messageStatusSchema } from './ledger.ts';

const codeSchema = z.union([z.number(), z.string()]);
const mediaSchema = z.array(z.object({ url: z.string(), sha256: z.string().nullable(), type: z.string() })).readonly();
const messageSchema = z.object({
  seq: z.number(),
  sid: z.string(),
  dialect: z.string().default('twilio'),
  accountSid: z.string(),
  origin: z.enum(['api', 'phone', 'twiml', 'carrier']),
  from: z.string(),
  to: z.string(),
  messagingServiceSid: z.string().nullable(),
  body: z.string(),
  segments: z.number(),
  statusCallback: z.string().nullable(),
  createdAt: z.number(),
  updatedAt: z.number(),
  sentAt: z.number().nullable(),
  status: messageStatusSchema,
  errorCode: codeSchema.nullable(),
  media: mediaSchema.default([]),
  reference: z.string().nullable().default(null),
});

const entrySchema = z.discriminatedUnion('t', [
  z.object({ t: z.literal('message'), message: messageSchema }),
  z.object({
    t: z.literal('status'),
    sid: z.string(),
    status: messageStatusSchema,
    errorCode: codeSchema.nullable(),
    at: z.number(),
  }),
  z.object({ t: z.literal('media'), sid: z.string(), media: mediaSchema }),
  z.object({ t: z.literal('told'), sid: z.string(), told: z.boolean() }),
  z.object({
    t: z.literal('block'),
    number: z.string(),
    phone: z.string(),
    blocked: z.boolean(),
    at: z.number().default(0),
  }),
  z.object({ t: z.literal('account'), account: accountSchema }),
  z.object({ t: z.literal('account_removed'), dialect: z.string().default('twilio'), sid: z.string() }),
]);

/** One line of the file. */
export type FileEntry = z.output<typeof entrySchema>;

/** An append-only file of JSON lines, written in batches off the request path. */
export class LedgerFile {
  readonly #descriptor: number;
  #waiting: string[] = [];
  /** Told when what waits is written, and when what is being written is. */
  #onWritten: (() => void)[] = [];
  #onBatch: (() => void)[] = [];
  #flushing: NodeJS.Immediate | undefined;
  #writing = false;
  #closed = false;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#descriptor = openSync(path, 'a', 0o600);
  }

  /** Reads what an earlier process wrote. A last line torn by a kill is left out. */
  static read(path: string): FileEntry[] {
    if (!existsSync(path)) return [];
    const entries: FileEntry[] = [];
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      if (line === '') continue;
      try {
        entries.push(entrySchema.parse(JSON.parse(line)));
      } catch {
        // Torn in the middle of a write.
      }
    }
    return entries;
  }

  append(entry: FileEntry): void {
    if (this.#closed) return;
    this.#waiting.push(JSON.stringify(entry));
    this.#flushing ??= setImmediate(() => this.#flush());
  }

  /** Resolves once everything appended so far survives the end of this process, however it ends. */
  written(): Promise<void> {
    if (this.#closed || (this.#waiting.length === 0 && !this.#writing)) return Promise.resolve();
    const batch = this.#waiting.length > 0 ? this.#onWritten : this.#onBatch;
    return new Promise((resolve) => batch.push(resolve));
  }

  #flush(): void {
    this.#flushing = undefined;
    if (this.#writing || this.#waiting.length === 0) return;
    const text = `${this.#waiting.join('\n')}\n`;
    this.#waiting = [];
    this.#onBatch = this.#onWritten;
    this.#onWritten = [];
    this.#writing = true;
    write(this.#descriptor, text, () => {
      this.#writing = false;
      for (const done of this.#onBatch.splice(0)) done();
      this.#flush();
    });
  }

  /** Empties the file. */
  clear(): void {
    this.#waiting = [];
    ftruncateSync(this.#descriptor);
  }

  /** Writes what waits and closes the file. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearImmediate(this.#flushing);
    if (this.#writing) await new Promise<void>((resolve) => this.#onBatch.push(resolve));
    if (this.#waiting.length > 0) writeSync(this.#descriptor, `${this.#waiting.join('\n')}\n`);
    for (const done of this.#onWritten.splice(0)) done();
    closeSync(this.#descriptor);
  }
}
