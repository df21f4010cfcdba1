import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { parseAccount } from './account-book.ts';
import type { Account, AccountInput } from './accounts.ts';
import { CallbackSender } from './callbacks.ts';
import { controlApi } from './control-api.ts';
import { Desk, give } from './desk.ts';
import { dialects } from './dialects/catalogue.gen.ts';
import { json } from './dialects/define-dialect.ts';
import { Exchange, type ReceiptChanges, receiptDefaults, receiptSettingsSchema } from './exchange.ts';
import { FaultBook, type FaultInput, type FaultRule } from './faults.ts';
import { Ledger, type LedgerEntry, type LedgerMedia } from './ledger.ts';
import { LedgerFile } from './ledger-file.ts';
import { mediaPath, type SampleName } from './media.ts';
import { hexMaker, seededRandom } from './random.ts';

export interface CarrierOptions {
  readonly accounts?: readonly AccountInput[];
  /** Chooses which faults strike; also makes sids the same from run to run. Random when absent. */
  readonly seed?: number;
  readonly receipts?: ReceiptChanges;
  /** Held back before every answer to a send, in milliseconds. */
  readonly latencyMs?: number;
  /** Where the ledger outlives the process; in memory only when absent. */
  readonly ledgerFile?: string;
  /** Waits before each new try after a customer's server could not be reached. */
  readonly retryDelaysMs?: readonly number[];
  readonly now?: () => number;
}

export interface Carrier {
  /** Listens on loopback; port 0 finds a free one. Resolves to the base address, `http://127.0.0.1:port`. */
  readonly listen: (port: number) => Promise<string>;
  readonly close: () => Promise<void>;
  readonly ledger: Ledger;
  readonly setAccount: (input: AccountInput) => Account;
  readonly addFault: (fault: FaultInput) => FaultRule;
  readonly clearFaults: () => void;
  /** Someone texts from a phone. Throws when no account has the number. */
  readonly text: (from: string, to: string, body: string, pictures?: ReadonlyArray<SampleName | LedgerMedia>) => string;
  /** Keeps a picture as if it had come from a phone. */
  readonly keep: (bytes: Uint8Array, type: string) => LedgerMedia;
  /** Where a picture would be that has this hash. */
  readonly placeOf: (sha256: string) => string;
  /** Messages before their end and callbacks not yet answered. */
  readonly underway: () => number;
}

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Whether a control request comes from this machine and not from a web page of another site. */
function isLocalRequest(request: IncomingMessage): boolean {
  const host = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? '');
  const origin = request.headers.origin;
  const ownOrigin = origin === undefined || /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/.test(origin);
  return loopback.has(request.socket.remoteAddress ?? '') && host && ownOrigin;
}

/** One random start and a count: unique without asking the system for randomness at every callback. */
function idempotencyTokens(): () => string {
  const start = randomBytes(8).toString('hex');
  let count = 0;
  return () => {
    count += 1;
    return `${start}${count.toString(16).padStart(16, '0')}`;
  };
}

/** Millionths that a segment costs, and that an account begins with. */
const segmentPrice = 7_900;
const firstBalance = 100_000_000;

/** Makes a carrier that speaks the API of every provider that we have. It listens only once told to. */
export function createCarrier(options: CarrierOptions = {}): Carrier {
  const now = options.now ?? Date.now;
  const seed = options.seed;
  const random = seededRandom(seed ?? randomBytes(4).readUInt32BE());
  const file = options.ledgerFile === undefined ? undefined : new LedgerFile(options.ledgerFile);
  const ledger = new Ledger(file === undefined ? undefined : (entry) => file.append(entry));
  const receipts = receiptSettingsSchema.parse({ ...receiptDefaults, ...options.receipts });
  const callbacks = new CallbackSender({
    concurrency: receipts.concurrency,
    retryDelaysMs: options.retryDelaysMs ?? [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 16_000],
  });
  const tools = {
    token: idempotencyTokens(),
    balance: (account: Account) => firstBalance - ledger.segmentsOf(account) * segmentPrice,
  };

  const stored = options.ledgerFile === undefined ? [] : LedgerFile.read(options.ledgerFile);
  const prefix =
    seed === undefined || stored.length > 0
      ? randomBytes(8).toString('hex')
      : Array.from({ length: 16 }, () => Math.floor(random() * 16).toString(16)).join('');
  const exchange = new Exchange({ ledger, callbacks, random, now, hex: hexMaker(prefix), receipts, tools });
  const faults = new FaultBook(random);
  const settings = {
    exchange,
    faults,
    tools: exchange.tools,
    latencyMs: options.latencyMs ?? 0,
    ...(file === undefined ? {} : { written: () => file.written() }),
  };

  const entries: LedgerEntry[] = [];
  for (const entry of stored) {
    if (entry.t === 'account') exchange.accounts.set(parseAccount(entry.account));
    else if (entry.t === 'account_removed') exchange.accounts.remove(entry);
    else entries.push(entry);
  }
  ledger.restore(entries);
  const setAccount = (input: AccountInput): Account => {
    const account = parseAccount(input);
    exchange.accounts.set(account);
    file?.append({ t: 'account', account });
    return account;
  };
  for (const account of options.accounts ?? []) setAccount(account);

  const desk = new Desk(settings);
  const setConcurrency = (concurrency: number) => {
    callbacks.concurrency = concurrency;
  };
  const control = getRequestListener(controlApi({ exchange, faults, settings, setConcurrency, file }).fetch);
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const [path = '/'] = (request.url ?? '/').split('?');
    const dialect = dialects.find(({ owns }) => owns(path));
    if (dialect !== undefined) desk.handle(dialect, request, response).catch(() => request.socket.destroy());
    else if (path.startsWith(mediaPath)) givePicture(request, response, path.slice(mediaPath.length));
    else if (!path.startsWith('/_carrier/')) give(response, json(404, { title: 'No API has this path', status: 404 }));
    else if (isLocalRequest(request)) void control(request, response);
    else give(response, json(403, { title: 'Only from this machine', status: 403 }));
  };
  const givePicture = (request: IncomingMessage, response: ServerResponse, sha256: string): void => {
    const picture = isLocalRequest(request) ? exchange.media.get(sha256) : undefined;
    if (picture === undefined) give(response, json(404, { title: 'There is no such picture', status: 404 }));
    else
      response.writeHead(200, { 'content-type': picture.type, 'x-content-type-options': 'nosniff' }).end(picture.bytes);
  };
  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 }, answer);

  return {
    ledger,
    setAccount,
    addFault: (fault) => faults.add(fault),
    clearFaults: () => {
      faults.clear();
    },
    text: (from, to, body, pictures = []) => {
      const number = exchange.accounts.number(to);
      if (number === undefined) throw new Error(`No account has the number ${to}.`);
      const media = pictures.map((each) => (typeof each === 'string' ? exchange.sample(each) : each));
      return exchange.textFromPhone(from, number, body, media).sid;
    },
    keep: (bytes, type) => {
      const { sha256 } = exchange.media.keep(bytes, type);
      return { url: exchange.placeOf(sha256), sha256, type };
    },
    placeOf: (sha256) => exchange.placeOf(sha256),
    underway: () => exchange.underway,
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', 1_024, () => {
          const address = server.address();
          exchange.origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`;
          exchange.resume();
          resolve(exchange.origin);
        });
      }),
    close: async () => {
      exchange.stop();
      const closed = new Promise<void>((resolve) => {
        if (server.listening) server.close(() => resolve());
        else resolve();
      });
      server.closeAllConnections();
      await Promise.all([closed, callbacks.close()]);
      await file?.close();
    },
  };
}
