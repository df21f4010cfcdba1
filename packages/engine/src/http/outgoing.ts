import { Agent, buildConnector, type Dispatcher, errors, request } from 'undici';
import { isPublicAddress, publicLookup } from './public-address.ts';

/** A request to somebody else's server. */
export type OutgoingRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Within which the whole answer must be there. */
  readonly timeoutMs: number;
};

export type OutgoingAnswer = {
  readonly status: number;
  readonly text: string;
  /** A header's value, by its name in lower case. */
  readonly header: (name: string) => string | null;
};

/** The one client for requests that leave this process. It follows no redirects, and an answer over a megabyte is an error. */
export type OutgoingClient = {
  /** @throws OutgoingError for whatever the network does. */
  readonly request: (outgoing: OutgoingRequest) => Promise<OutgoingAnswer>;
  readonly close: () => Promise<void>;
};

/** As `OutgoingAnswer`, with what came as it came. */
export type DownloadAnswer = Omit<OutgoingAnswer, 'text'> & { readonly bytes: Uint8Array };

/** The same client for what is no text. */
export type DownloadClient = {
  /** @throws OutgoingError for whatever the network does; `UND_ERR_RES_EXCEEDED_MAX_SIZE` for an answer that is too large. */
  readonly request: (outgoing: OutgoingRequest) => Promise<DownloadAnswer>;
  readonly close: () => Promise<void>;
};

/** No answer, or none that can be read. */
export class OutgoingError extends Error {
  override readonly name = 'OutgoingError';
  readonly code: string;
  /** False where no byte of the request can have left: provably nothing happened. */
  readonly sent: boolean;
  constructor(code: string, sent: boolean) {
    super(`A request broke off: ${code}.`);
    this.code = code;
    this.sent = sent;
  }
}

const mostAnswerBytes = 1_024 * 1_024;

type ClientOptions = { readonly connections?: number; readonly publicOnly?: boolean };

/**
 * @param options.connections bounds the sockets to one origin.
 * @param options.publicOnly refuses addresses of this machine and of networks that are somebody's own, whatever name leads there: for
 * addresses that a customer entered. They fail with `address_refused`, before a byte is written.
 */
export function createOutgoingClient(options: ClientOptions = {}): OutgoingClient {
  const { request, close } = createDownloadClient({ ...options, mostBytes: mostAnswerBytes });
  return {
    async request(outgoing) {
      const { bytes, ...answer } = await request(outgoing);
      return { ...answer, text: new TextDecoder().decode(bytes) };
    },
    close,
  };
}

/**
 * As `createOutgoingClient`.
 *
 * @param options.mostBytes of an answer.
 */
export function createDownloadClient(options: ClientOptions & { readonly mostBytes: number }): DownloadClient {
  /** Of connections that never came about: nobody there, a name that nobody knows, a certificate that nobody trusts. */
  const unconnected = new WeakSet<Error>();
  let closed = false;
  const { publicOnly = false } = options;
  const connect = buildConnector({ timeout: 5_000, ...(publicOnly ? { lookup: publicLookup } : {}) });
  const agent = new Agent({
    connections: options.connections ?? 256,
    keepAliveTimeout: 30_000,
    pipelining: 1,
    connect: (to, callback) => {
      // An address that is written out is never looked up.
      if (publicOnly && !isPublicAddress(to.hostname)) {
        const refused = new OutgoingError('address_refused', false);
        return callback(refused, null);
      }
      connect(to, (...[error, socket]) => {
        if (error === null) return callback(null, socket);
        unconnected.add(error);
        return callback(error, null);
      });
    },
    maxResponseSize: options.mostBytes,
  });
  return {
    async request({ method, url, headers = {}, body, timeoutMs }) {
      if (closed) throw new OutgoingError('closed', false);
      const startedAt = performance.now();
      try {
        const response = await request(url, {
          dispatcher: agent,
          method,
          headers,
          ...(body === undefined ? {} : { body }),
          headersTimeout: timeoutMs,
          bodyTimeout: timeoutMs,
        });
        const bytes = await readWhole(response.body, startedAt + timeoutMs - performance.now());
        return {
          status: response.statusCode,
          bytes,
          header: (name) => {
            const value = response.headers[name];
            return Array.isArray(value) ? (value[0] ?? null) : (value ?? null);
          },
        };
      } catch (error) {
        if (error instanceof OutgoingError) throw error;
        const code = codeOf(error);
        throw new OutgoingError(code, !(error instanceof Error && (unconnected.has(error) || isNoRequest(error))));
      }
    },
    close: () => {
      closed = true;
      return agent.close();
    },
  };
}

/** Reads a body that may come as slowly as it likes, for so long. @throws OutgoingError `timeout`. */
async function readWhole(body: Dispatcher.ResponseData['body'], leftMs: number): Promise<Uint8Array> {
  const timer = setTimeout(() => body.destroy(new OutgoingError('timeout', true)), Math.max(0, leftMs));
  try {
    return new Uint8Array(await body.arrayBuffer());
  } finally {
    clearTimeout(timer);
  }
}

/** An address within `base`'s origin. @throws OutgoingError `foreign_address` for one that leads elsewhere, where our credentials must not go. */
export function withinOrigin(base: string, address: string): string {
  // Appended, never resolved: what follows the origin may not name another one.
  const url = new URL(base + address);
  const foreign = url.origin !== new URL(base).origin || url.username !== '' || url.password !== '';
  if (foreign) throw new OutgoingError('foreign_address', false);
  return url.href;
}

/** What is said before anything is done, of an address or a header that is none. */
function isNoRequest(error: Error): boolean {
  return error instanceof errors.InvalidArgumentError || codeOf(error) === 'ERR_INVALID_URL';
}

function codeOf(error: unknown): string {
  if (error instanceof errors.UndiciError) return error.code;
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'network';
}
