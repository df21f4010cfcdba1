import { Agent, errors, request } from 'undici';

/** A request to somebody else's server. */
export type OutgoingRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the answer's head, and between two pieces of its body. */
  readonly timeoutMs: number;
  /** The whole answer must be there within `timeoutMs`: for requests that may be given up without a doubt about what they did. */
  readonly whole?: boolean;
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

/** Error codes that undici and Node raise before any byte of the request has left. */
const notSentCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const mostAnswerBytes = 1_024 * 1_024;

/** @param options.connections bounds the sockets to one origin. */
export function createOutgoingClient(options: { readonly connections?: number } = {}): OutgoingClient {
  const agent = new Agent({
    connections: options.connections ?? 256,
    keepAliveTimeout: 30_000,
    pipelining: 1,
    connect: { timeout: 5_000 },
    maxResponseSize: mostAnswerBytes,
  });
  return {
    async request({ method, url, headers = {}, body, timeoutMs, whole }) {
      try {
        const response = await request(url, {
          dispatcher: agent,
          method,
          headers,
          ...(body === undefined ? {} : { body }),
          headersTimeout: timeoutMs,
          bodyTimeout: timeoutMs,
          ...(whole === true ? { signal: AbortSignal.timeout(timeoutMs) } : {}),
        });
        const text = await response.body.text();
        return {
          status: response.statusCode,
          text,
          header: (name) => {
            const value = response.headers[name];
            return Array.isArray(value) ? (value[0] ?? null) : (value ?? null);
          },
        };
      } catch (error) {
        const code = codeOf(error);
        throw new OutgoingError(code, !notSentCodes.has(code));
      }
    },
    close: () => agent.close(),
  };
}

/** An address within `base`'s origin. @throws OutgoingError `foreign_address` for one that leads elsewhere, where our credentials must not go. */
export function withinOrigin(base: string, address: string): string {
  // Appended, never resolved: what follows the origin may not name another one.
  const url = new URL(base + address);
  const foreign = url.origin !== new URL(base).origin || url.username !== '' || url.password !== '';
  if (foreign) throw new OutgoingError('foreign_address', false);
  return url.href;
}

function codeOf(error: unknown): string {
  if (error instanceof errors.UndiciError) return error.code;
  if (error instanceof Error && error.name === 'TimeoutError') return 'timeout';
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'network';
}
