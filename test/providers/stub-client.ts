import type { OutgoingAnswer, OutgoingClient, OutgoingRequest } from '@signalbox/engine/http/outgoing';
import type { Connection, Provider } from '@signalbox/engine/providers/provider';

/** What a stubbed API answers: a body that is no text is written as JSON, headers go by names in lower case. */
export type StubbedAnswer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Says what comes back; may throw, or wait. */
export type Answering = (request: OutgoingRequest) => StubbedAnswer | Promise<StubbedAnswer>;

/** These answers in turn, the last one ever again. */
export function inTurn(first: StubbedAnswer, ...rest: readonly StubbedAnswer[]): Answering {
  const left = [...rest];
  let next = first;
  return () => {
    const answer = next;
    next = left.shift() ?? next;
    return answer;
  };
}

/** A client that reaches nobody; `requests` is what was asked of it. */
export function stubClient(answering: Answering): {
  readonly http: OutgoingClient;
  readonly requests: readonly OutgoingRequest[];
} {
  const requests: OutgoingRequest[] = [];
  const http: OutgoingClient = {
    async request(request): Promise<OutgoingAnswer> {
      requests.push(request);
      const { status, body = '', headers = {} } = await answering(request);
      return {
        status,
        text: typeof body === 'string' ? body : JSON.stringify(body),
        header: (name) => headers[name] ?? null,
      };
    },
    close: async () => undefined,
  };
  return { http, requests };
}

/** A provider's connection by such a client to where its API is; an answer alone is the one to everything. */
export function connectStubbed(
  { connect, baseUrl, origins = {} }: Provider,
  credentials: Readonly<Record<string, string>>,
  answering: Answering | StubbedAnswer = { status: 200 },
): { readonly connection: Connection; readonly requests: readonly OutgoingRequest[] } {
  const { http, requests } = stubClient(typeof answering === 'function' ? answering : () => answering);
  return { connection: connect({ credentials, baseUrl, origins }, http), requests };
}
