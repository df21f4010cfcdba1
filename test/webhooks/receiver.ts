import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';

const eventSchema = z.strictObject({
  id: z.string().regex(/^evt_[0-9a-z]{26}$/),
  type: z.string(),
  version: z.literal(1),
  workspace_id: z.string().regex(/^wsp_/),
  timestamp: z.iso.datetime(),
  occurred_at: z.iso.datetime(),
  recorded_at: z.iso.datetime(),
  cause: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
});

/** A request as it came: its id, its signatures, and the event that its body is. */
export type Received = {
  readonly path: string;
  readonly id: string;
  readonly timestamp: string;
  readonly signatures: readonly string[];
  readonly body: string;
  readonly event: z.infer<typeof eventSchema>;
};

/** Whether one of the signatures is what Standard Webhooks makes of the request with this secret. Written from its specification. */
export function isSigned({ id, timestamp, signatures, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  return signatures.some((signature) => {
    const [version, text = ''] = signature.split(',');
    const given = Buffer.from(text, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** How a path is answered: with a status, headers and a text, or never. */
export type Answer =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly text?: string }
  | 'never';

/** A server that is told of events; it answers 204 unless a path is to be answered otherwise. */
export async function startReceiver() {
  const received: Received[] = [];
  const answers = new Map<string, Answer>();
  const open = new Set<ServerResponse>();
  const read = async (request: IncomingMessage): Promise<string> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    return Buffer.concat(parts).toString('utf8');
  };
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const header = (name: string) => String(request.headers[name] ?? '');
      const path = request.url ?? '';
      received.push({
        path,
        id: header('webhook-id'),
        timestamp: header('webhook-timestamp'),
        signatures: header('webhook-signature').split(' '),
        body,
        event: eventSchema.parse(JSON.parse(body)),
      });
      const answer = answers.get(path) ?? { status: 204 };
      if (answer === 'never') open.add(response);
      else response.writeHead(answer.status, answer.headers).end(answer.text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: (path: string) => `http://127.0.0.1:${port}${path}`,
    received,
    at: (path: string) => received.filter((each) => each.path === path),
    answer: (path: string, answer: Answer) => void answers.set(path, answer),
    /** Answers whoever was left without an answer, and every path as at the beginning. */
    answerAll: () => {
      answers.clear();
      for (const response of open) response.writeHead(204).end();
      open.clear();
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;
