import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Callback } from './dialects/define-dialect.ts';

/** What the customer's server answered; `status` 0 when it could not be reached. */
export interface CallbackAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

interface Job extends Callback {
  readonly done: (answer: CallbackAnswer) => void;
}

export interface CallbackOptions {
  readonly concurrency: number;
  /** Waits before each new try after the customer's server could not be reached, or answered with an error of its own (5xx). */
  readonly retryDelaysMs: readonly number[];
}

/** Makes requests to customers, so many at a time, in the order they were handed in. */
export class CallbackSender {
  concurrency: number;
  readonly #retryDelaysMs: readonly number[];
  readonly #agent: Agent;
  #closed = false;
  #waiting: Job[] = [];
  #head = 0;
  #running = 0;

  constructor(options: CallbackOptions) {
    this.concurrency = options.concurrency;
    this.#retryDelaysMs = options.retryDelaysMs;
    this.#agent = new Agent({
      connections: 512,
      keepAliveTimeout: 30_000,
      headersTimeout: 15_000,
      bodyTimeout: 15_000,
    });
  }

  /** How many are waiting or on their way. */
  get pending(): number {
    return this.#waiting.length - this.#head + this.#running;
  }

  make(callback: Callback): Promise<CallbackAnswer> {
    return new Promise((done) => {
      this.#waiting.push({ ...callback, done });
      this.#next();
    });
  }

  #next(): void {
    while (this.#running < this.concurrency) {
      const job = this.#waiting[this.#head];
      if (job === undefined) break;
      this.#head += 1;
      if (this.#head > 4_096) {
        this.#waiting = this.#waiting.slice(this.#head);
        this.#head = 0;
      }
      this.#running += 1;
      void this.#send(job).then((answer) => {
        this.#running -= 1;
        job.done(answer);
        this.#next();
      });
    }
  }

  async #send(job: Job): Promise<CallbackAnswer> {
    const { method, url, headers, body } = job;
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await request(url, {
          method,
          headers,
          ...(method === 'POST' ? { body } : {}),
          dispatcher: this.#agent,
        });
        const contentType = answer.headers['content-type'];
        const response = {
          status: answer.statusCode,
          contentType: typeof contentType === 'string' ? contentType : '',
          body: await answer.body.text(),
        };
        if (response.status < 500 || !(await this.#triesAgain(attempt))) return response;
      } catch {
        if (!(await this.#triesAgain(attempt))) return { status: 0, contentType: '', body: '' };
      }
    }
  }

  /** Waits for the next try; false where there is none. */
  async #triesAgain(attempt: number): Promise<boolean> {
    const wait = this.#retryDelaysMs[attempt];
    if (wait === undefined || this.#closed) return false;
    await delay(wait, undefined, { ref: false });
    return true;
  }

  async close(): Promise<void> {
    this.#waiting = [];
    this.#head = 0;
    this.#closed = true;
    await this.#agent.destroy();
  }
}
