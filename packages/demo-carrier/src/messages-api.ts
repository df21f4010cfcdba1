import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse } from 'node:querystring';
import type { Account } from './accounts.ts';
import type { Exchange, Outgoing } from './exchange.ts';
import type { FaultBook, FaultRule } from './faults.ts';
import { listMessages } from './message-list.ts';
import { accountResource, apiVersion, messageResource, type Refusal, refusals, sendJson, sendRefusal } from './wire.ts';

const accountsPath = `/${apiVersion}/Accounts/`;
const bodyLimit = 65_536;

export interface MessagesApiOptions {
  readonly exchange: Exchange;
  readonly faults: FaultBook;
  /** Waits until what was accepted would survive the end of this process; absent where nothing is kept. */
  readonly written?: () => Promise<void>;
  /** Held back before every answer, in milliseconds. */
  latencyMs: number;
}

/** Reads a form; undefined when it is too large. */
function readForm(request: IncomingMessage): Promise<Record<string, string> | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bodyLimit) chunks.push(chunk);
    });
    request.on('error', reject);
    request.on('end', () => {
      if (size > bodyLimit) {
        resolve(undefined);
        return;
      }
      const first = chunks[0];
      const text = chunks.length === 1 && first !== undefined ? first.toString() : Buffer.concat(chunks).toString();
      const form: Record<string, string> = {};
      for (const [name, value] of Object.entries(parse(text))) {
        form[name] = Array.isArray(value) ? (value[0] ?? '') : (value ?? '');
      }
      resolve(form);
    });
  });
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}

/** The part of Twilio's API that has to do with messages, over plain node:http because it is the hot path. */
export class MessagesApi {
  readonly options: MessagesApiOptions;

  constructor(options: MessagesApiOptions) {
    this.options = options;
  }

  /** Answers every request below `/2010-04-01/`. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '/';
    const queryAt = url.indexOf('?');
    const path = queryAt < 0 ? url : url.slice(0, queryAt);
    const query = queryAt < 0 ? '' : url.slice(queryAt + 1);
    const account = this.options.exchange.accounts.authorized(request.headers.authorization);
    if (account === undefined) {
      request.resume();
      sendRefusal(response, refusals.authenticate, { 'www-authenticate': 'Basic realm="Twilio API"' });
      return;
    }
    const below = path.startsWith(accountsPath + account.sid)
      ? path.slice(accountsPath.length + account.sid.length)
      : '';
    if (request.method === 'POST' && below === '/Messages.json') {
      await this.#send(account, request, response);
      return;
    }
    request.resume();
    const sid = /^\/Messages\/(SM[0-9a-f]{32})\.json$/.exec(below)?.[1];
    const message = sid === undefined ? undefined : this.options.exchange.ledger.get(sid);
    if (request.method !== 'GET') sendRefusal(response, refusals.notFound(path));
    else if (below === '.json') sendJson(response, 200, accountResource(account));
    else if (below === '/Messages.json') {
      sendJson(response, 200, listMessages(this.options.exchange.ledger, account, path, new URLSearchParams(query)));
    } else if (message?.accountSid === account.sid) sendJson(response, 200, messageResource(message));
    else sendRefusal(response, refusals.notFound(path));
  }

  async #send(account: Account, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = await readForm(request);
    if (form === undefined) {
      sendRefusal(response, refusals.tooLarge);
      return;
    }
    const outgoing = this.#read(account, form);
    const { exchange, faults, latencyMs, written } = this.options;
    if ('code' in outgoing) {
      exchange.ledger.addRefusal(outgoing.code);
      sendRefusal(response, outgoing);
      return;
    }
    const struck = faults.strike(outgoing);
    const kind = struck.request?.kind;
    if (struck.request !== undefined && (kind === 'refuse' || kind === 'drop' || kind === 'hang')) {
      this.#withhold(struck.request, request, response);
      return;
    }
    const { message, reported } = exchange.accept(outgoing, struck.receipts);
    const resource = messageResource(message);
    if (struck.receipts.some((fault) => fault.kind === 'receipt_before_response')) await reported;
    if (written !== undefined) await written();
    const wait = latencyMs + struck.latencyMs;
    const answer = () => {
      if (struck.request === undefined) sendJson(response, 201, resource);
      else this.#breakAfterAccepting(struck.request, request, response);
    };
    if (wait > 0) setTimeout(answer, wait);
    else answer();
  }

  /** Turns a form into a message, or says which of Twilio's rules it breaks. */
  #read(account: Account, form: Record<string, string>): Outgoing | Refusal {
    const { To: to = '', From: sender = '', Body: body = '', MessagingServiceSid: serviceSid = '' } = form;
    if (to === '') return refusals.noTo;
    if (sender === '' && serviceSid === '') return refusals.noFrom;
    if (body === '') return refusals.noBody;
    if (body.length > 1_600) return refusals.longBody;
    const service = account.messaging_services.find(({ sid }) => sid === serviceSid);
    if (serviceSid !== '' && service === undefined) return refusals.noService(serviceSid);
    const from = sender === '' ? (service?.numbers[0] ?? '') : sender;
    if (!/^(\+?[1-9]\d{2,14}|[A-Za-z0-9 ]{1,11})$/.test(from)) return refusals.badFrom(from);
    const number = this.options.exchange.accounts.number(from);
    if (number?.account.sid !== account.sid) return refusals.foreignFrom(from);
    if (!/^\+[1-9]\d{6,14}$/.test(to)) return refusals.badTo(to);
    const callback = form.StatusCallback ?? '';
    if (callback !== '' && !isHttpUrl(callback)) return refusals.badCallback;
    if (account.opt_out === 'carrier' && this.options.exchange.ledger.isBlocked(from, to)) return refusals.optedOut;
    return {
      account,
      origin: 'api',
      from,
      to,
      body,
      messagingServiceSid: serviceSid === '' ? null : serviceSid,
      statusCallback: callback === '' ? number.statusCallback : callback,
    };
  }

  #withhold(fault: FaultRule, request: IncomingMessage, response: ServerResponse): void {
    if (fault.kind === 'drop') request.socket.resetAndDestroy();
    else if (fault.kind === 'hang') this.#hold(fault, request);
    else {
      const code = fault.code ?? refusals.tooMany.code;
      const status = fault.status ?? (code === refusals.tooMany.code ? 429 : 400);
      this.options.exchange.ledger.addRefusal(code);
      const message = code === refusals.tooMany.code ? refusals.tooMany.message : `Refused by a fault rule (${code})`;
      const headers = fault.retry_after === undefined ? undefined : { 'retry-after': String(fault.retry_after) };
      sendRefusal(response, { status, code, message }, headers);
    }
  }

  #breakAfterAccepting(fault: FaultRule, request: IncomingMessage, response: ServerResponse): void {
    if (fault.kind === 'accept_then_reset') request.socket.resetAndDestroy();
    else if (fault.kind === 'accept_then_500') {
      sendRefusal(response, { status: 500, code: 20500, message: 'An internal server error has occurred' });
    } else this.#hold(fault, request);
  }

  #hold(fault: FaultRule, request: IncomingMessage): void {
    const timer = setTimeout(() => request.socket.destroy(), fault.ms ?? 120_000);
    request.socket.once('close', () => clearTimeout(timer));
  }
}
