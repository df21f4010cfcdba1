import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { ErrorClass, OptedOut } from '@signalbox/engine/providers/provider';
import { z } from 'zod';
import type { Taken, Wire } from '../wire.ts';

const textSchema = z.object({ to: z.string(), text: z.string(), ref: z.string().nullable() });

/** How the next text is answered. */
type Turn = { readonly refuse: ErrorClass } | 'tear' | 'fail';

/** A made-up provider's server: takes texts, lists them, and answers what it is told to. */
export type Fake = Pick<Wire, 'refusals' | 'doubts' | 'taken' | 'close'> & {
  readonly url: string;
  /** From now on the list holds no references. */
  readonly forgetReferences: () => void;
};

/** Starts one; a text gets as many ids as `idsEach`. */
export async function startFake(optOuts: readonly OptedOut[], idsEach: number): Promise<Fake> {
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
      if (request.method === 'POST') take(response, body);
      else if (pathname === '/texts')
        json(
          response,
          200,
          taken.map(({ ids, reference }) => ({ id: ids[0], ref: withReferences ? reference : null })),
        );
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
