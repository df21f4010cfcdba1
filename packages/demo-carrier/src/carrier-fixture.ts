import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { z } from 'zod';
import type { AccountInput } from './accounts.ts';
import { type Carrier, type CarrierOptions, createCarrier } from './server.ts';

export const accountSid = `AC${'a'.repeat(32)}`;
export const businessNumber = '+15550001000';
export const person = '+15550001234';

const rowSchema = z.looseObject({ id: z.string().optional(), body: z.string().optional() });

/** Whatever the tests read of an answer's body, from either API. */
const answerSchema = z.looseObject({
  sid: z.string().default(''),
  code: z.number().optional(),
  detail: z.string().optional(),
  id: z.string().default(''),
  num_segments: z.string().optional(),
  messages: z.array(rowSchema).default([]),
  next_page_uri: z.string().nullable().optional(),
  data: z.array(rowSchema).default([]),
  next_after: z.number().nullable().optional(),
  next_before: z.number().nullable().optional(),
});

/** The JSON body of an answer. */
export async function bodyOf(answer: Response): Promise<z.output<typeof answerSchema>> {
  return answerSchema.parse(await answer.json());
}

/** One callback that a customer's server got. */
export interface Post {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawBody: Buffer;
  readonly form: Record<string, string>;
}

export interface Customer {
  readonly url: string;
  readonly posts: Post[];
  /** Resolves once so many posts to a path have come in, whatever their query where `path` has none. */
  readonly waitFor: (path: string, count: number) => Promise<Post[]>;
  /** What it answers from now on. */
  answer: { status: number; body: string };
  readonly close: () => Promise<void>;
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

/** A customer's web server that keeps what the carrier posts to it. */
export async function startCustomer(): Promise<Customer> {
  const posts: Post[] = [];
  const watchers = new Set<() => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const rawBody = Buffer.concat(chunks);
      const form = Object.fromEntries(new URLSearchParams(rawBody.toString()));
      const { method = '', url = '', headers } = request;
      posts.push({ method, path: url, headers, rawBody, form });
      response.writeHead(customer.answer.status, { 'content-type': 'text/xml' }).end(customer.answer.body);
      for (const watcher of watchers) watcher();
    });
  });
  const customer: Customer = {
    url: await listen(server),
    posts,
    answer: { status: 200, body: '<Response/>' },
    waitFor: (path, count) =>
      new Promise((resolve) => {
        const look = () => {
          const found = posts.filter((post) => post.path === path || post.path.split('?')[0] === path);
          if (found.length < count) return;
          watchers.delete(look);
          resolve(found);
        };
        watchers.add(look);
        look();
      }),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return customer;
}

export interface Fixture {
  readonly carrier: Carrier;
  readonly customer: Customer;
  /** The carrier's base address. */
  readonly url: string;
  readonly send: (form?: Record<string, string>, authorization?: string) => Promise<Response>;
  readonly control: (method: string, path: string, body?: unknown) => Promise<Response>;
  readonly close: () => Promise<void>;
}

export function basic(sid: string, token: string): string {
  return `Basic ${Buffer.from(`${sid}:${token}`).toString('base64')}`;
}

/** A carrier with one account, one number and one customer, that reports at once. */
export async function startFixture(
  account: Partial<AccountInput> = {},
  options: CarrierOptions = {},
): Promise<Fixture> {
  const customer = await startCustomer();
  const carrier = createCarrier({ seed: 1, receipts: { delay_ms: 0 }, retryDelaysMs: [20, 20], ...options });
  carrier.setAccount({
    sid: accountSid,
    auth_token: 'secret',
    numbers: [{ number: businessNumber, sms_url: `${customer.url}/inbound` }],
    ...account,
  });
  const url = await carrier.listen(0);
  return {
    carrier,
    customer,
    url,
    send: (form, authorization) =>
      fetch(`${url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
        method: 'POST',
        headers: { authorization: authorization ?? basic(accountSid, 'secret') },
        body: new URLSearchParams({
          To: person,
          From: businessNumber,
          Body: 'Hello',
          StatusCallback: `${customer.url}/status`,
          ...form,
        }),
      }),
    control: (method, path, body) =>
      fetch(`${url}/_carrier${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
    close: async () => {
      await carrier.close();
      await customer.close();
    },
  };
}
