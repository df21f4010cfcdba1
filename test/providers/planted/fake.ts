import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { ErrorClass, OptedOut } from '@signalbox/engine/providers/provider';
import { z } from 'zod';
import type { Taken, Wire } from '../wire.ts';

const textSchema = z.object({ to: z.string(), text: z.string(), ref: z.string().nullable() });

/** What it has to tell of its own accord. */
export const news = [
  { type: 'delivered', id: 'id-1', tag: 'r1', at: '2026-03-02T15:00:00Z' },
  { type: 'received', id: 'in-1', from: '+12025550143', to: '+12025550100', text: 'Hello', at: '2026-03-02T15:00:01Z' },
] as const;

/** How the next text is answered. */
type Turn = { readonly refuse: ErrorClass } | 'tear' | 'fail';

/** A made-up provider's server: takes texts, lists them, and answers what it is told to. */
export type Fake = Pick<Wire, 'refusals' | 'doubts' | 'taken' | 'balance' | 'close'> & {
  readonly url: string;
  /** From now on the list holds no references. */
  readonly forgetReferences: () => void;
};

/** Starts one, whose customer is called `known`; a text gets as many ids as `idsEach`. */
export async function startFake(optOuts: readonly OptedOut[], idsEach: number, known: string): Promise<Fake> {
  const taken: Taken[] = [];
  const turns: Turn[] = [];
  let withReferences = true;
  const json = (response: ServerResponse, status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const take = (response: ServerResponse, body: string) => {
    const turn = turns.shift();
    if (typeof turn === 'object') return json(response, 422, { refused: turn.refuse });
    if (turn === 'fail') return json(response, 500, {});
    if (turn === 'tear')
      return response.writeHead(200, { 'content-length': '100' }).write('{"ids":[', () => response.destroy());
    const { text, ref } = textSchema.parse(JSON.parse(body));
    const [first, ...others] = Array.from({ length: idsEach }, (_, part) => `id-${taken.length}-${part}`);
    taken.push({ ids: [first ?? '', ...others], body: text, reference: ref });
    return json(response, 200, { ids: [first, ...others] });
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const user = searchParams.get('user');
      const stranger = user !== null && user !== known;
      if (stranger) json(response, 401, { refused: 'auth' });
      else if (request.method === 'POST') take(response, body);
      else if (pathname === '/news') {
        const since = Date.parse(searchParams.get('since') ?? '');
        const id = searchParams.get('id');
        const told = news.filter((each) => (id === null ? Date.parse(each.at) >= since : each.id === id));
        json(response, 200, told);
      } else if (pathname === '/left') json(response, 200, { left: '12.5' });
      else if (pathname === '/texts')
        json(
          response,
          200,
          taken.map(({ ids, reference }) => ({ id: ids[0], ref: withReferences ? reference : null })),
        );
      else if (pathname === '/costs')
        json(response, 200, { price: searchParams.get('id') === 'id-0001' ? '0.0158' : null });
      else if (pathname === '/opt-outs') {
        const since = searchParams.get('since') ?? '';
        json(
          response,
          200,
          optOuts.map(({ number, at }) => ({ number, at: at.toISOString() })).filter(({ at }) => at >= since),
        );
      } else json(response, 200, { price: searchParams.get('to')?.startsWith('+1') === true ? '0.0079' : null });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const next = (turn: Turn) => () => void turns.push(turn);
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    refusals: [
      { errorClass: 'invalid_number', arrange: next({ refuse: 'invalid_number' }) },
      { errorClass: 'funds', arrange: next({ refuse: 'funds' }) },
    ],
    doubts: [
      { name: 'a torn answer', arrange: next('tear') },
      { name: 'an error', arrange: next('fail') },
    ],
    balance: { microUnits: 12_500_000n, currency: null },
    taken: () => taken,
    forgetReferences: () => {
      withReferences = false;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
