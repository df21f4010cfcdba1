import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Account, numbersOf } from './accounts.ts';
import type {
  ApiAnswer,
  ApiRequest,
  Asked,
  Dialect,
  Refusal,
  RefusalReason,
  Tools,
} from './dialects/define-dialect.ts';
import type { Exchange } from './exchange.ts';
import type { FaultBook, FaultRule } from './faults.ts';
import type { LedgerMessage } from './ledger.ts';

const bodyLimit = 65_536;

export interface DeskOptions {
  readonly exchange: Exchange;
  readonly faults: FaultBook;
  readonly tools: Tools;
  /** Waits until what was accepted would survive the end of this process; absent where nothing is kept. */
  readonly written?: () => Promise<void>;
  /** Held back before every answer to a send, in milliseconds. */
  latencyMs: number;
}

/** Reads a body; undefined when it is too large. */
function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bodyLimit) chunks.push(chunk);
    });
    request.on('error', reject);
    request.on('end', () => {
      const first = chunks[0];
      if (size > bodyLimit) resolve(undefined);
      else resolve(chunks.length === 1 && first !== undefined ? first.toString() : Buffer.concat(chunks).toString());
    });
  });
}

function requestOf({ method, url = '/', headers }: IncomingMessage, body: string): ApiRequest {
  const queryAt = url.indexOf('?');
  return {
    method: method ?? 'GET',
    path: queryAt < 0 ? url : url.slice(0, queryAt),
    query: queryAt < 0 ? '' : url.slice(queryAt + 1),
    header: (name) => {
      const value = headers[name];
      return typeof value === 'string' ? value : value?.[0];
    },
    body,
  };
}

/**
 * Where customers' requests come in, in whatever API: it finds the account, asks the API what is wanted, takes messages or refuses them, and
 * lets faults strike. Over plain node:http because it is the hot path.
 */
export class Desk {
  readonly options: DeskOptions;

  constructor(options: DeskOptions) {
    this.options = options;
  }

  /** Answers every request of one API. */
  async handle(dialect: Dialect, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(incoming);
    if (body === undefined) {
      give(response, dialect.tooLarge);
      return;
    }
    const request = requestOf(incoming, body);
    const account = this.options.exchange.accounts.callerOf(dialect, request);
    if (account === undefined) {
      give(response, dialect.unauthorized(request));
      return;
    }
    const handled = dialect.handle(request, account, this.options.tools);
    if ('asked' in handled) await this.#take(dialect, account, handled, incoming, response);
    else {
      if ('code' in handled) this.options.exchange.ledger.addRefusal(handled.code);
      give(response, handled.answer);
    }
  }

  async #take(
    dialect: Dialect,
    account: Account,
    { asked, accepted }: { readonly asked: Asked; readonly accepted: (message: LedgerMessage) => ApiAnswer },
    incoming: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { exchange, faults, latencyMs, written } = this.options;
    const reason = this.#objection(account, asked);
    if (reason !== null) {
      this.#refuse(dialect, account, { reason }, response);
      return;
    }
    const struck = faults.strike(asked);
    const fault = struck.request;
    if (fault?.kind === 'drop') incoming.socket.resetAndDestroy();
    else if (fault?.kind === 'hang') hold(fault, incoming);
    else if (fault?.kind === 'refuse') {
      this.#refuse(
        dialect,
        account,
        {
          reason: fault.reason ?? 'throttled',
          code: fault.code === undefined ? undefined : String(fault.code),
          status: fault.status,
        },
        response,
        fault.retry_after,
      );
    } else {
      const { message, reported } = exchange.accept(account, asked, struck.receipts);
      const answer = accepted(message);
      if (struck.receipts.some(({ kind }) => kind === 'receipt_before_response')) await reported;
      if (written !== undefined) await written();
      const wait = latencyMs + struck.latencyMs;
      const go = () => {
        if (fault === undefined) give(response, answer);
        else breakOff(fault, dialect, answer, incoming, response);
      };
      if (wait > 0) setTimeout(go, wait);
      else go();
    }
  }

  /** Why no provider would take this message; null where there is nothing against it. */
  #objection(account: Account, { from, to }: Asked): RefusalReason | null {
    if (!numbersOf(account).some(({ number }) => number === from)) return 'sender';
    if (!/^\+[1-9]\d{6,14}$/.test(to)) return 'invalid_number';
    return account.opt_out === 'carrier' && this.options.exchange.ledger.isBlocked(from, to) ? 'opted_out' : null;
  }

  /** @param retryAfter seconds after which to come again. */
  #refuse(dialect: Dialect, account: Account, refusal: Refusal, response: ServerResponse, retryAfter?: number): void {
    const { answer, code } = dialect.refuse(refusal, account);
    this.options.exchange.ledger.addRefusal(code);
    const wait: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
    give(response, { ...answer, headers: { ...answer.headers, ...wait } });
  }
}

/** Answers, unless that was done. */
export function give(response: ServerResponse, { status, headers, body }: ApiAnswer): void {
  if (response.destroyed || response.writableEnded) return;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function breakOff(
  fault: FaultRule,
  dialect: Dialect,
  answer: ApiAnswer,
  incoming: IncomingMessage,
  response: ServerResponse,
): void {
  if (fault.kind === 'accept_then_reset') incoming.socket.resetAndDestroy();
  else if (fault.kind === 'accept_then_500') give(response, dialect.broken);
  else if (fault.kind === 'accept_then_garbage')
    give(response, { ...answer, body: '<html><body>Bad gateway</body></html>' });
  else if (fault.kind === 'accept_then_drip') drip(fault, answer, response);
  else hold(fault, incoming);
}

function hold(fault: FaultRule, request: IncomingMessage): void {
  const timer = setTimeout(() => request.socket.destroy(), fault.ms ?? 120_000);
  request.socket.once('close', () => clearTimeout(timer));
}

const dripMs = 50;

/** Gives the answer a byte at a time, and never the last ones. */
function drip(fault: FaultRule, { status, headers, body }: ApiAnswer, response: ServerResponse): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  let at = 0;
  const last = Math.min(body.length - 1, Math.ceil((fault.ms ?? 120_000) / dripMs));
  const timer = setInterval(() => {
    if (at >= last) response.destroy();
    else response.write(body.charAt(at));
    at += 1;
  }, dripMs);
  response.once('close', () => clearInterval(timer));
}
