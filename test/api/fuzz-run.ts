import type { ApiHarness, CallOptions } from './client.ts';
import type { createFuzzWorld } from './fuzz-world.ts';
import { createGenerator, type Draw, type Generator, seededDraw } from './generate.ts';
import { createJudge, nameOf, type Observed } from './judge.ts';
import { type Operation, operationsOf, schemasOf } from './operations.ts';

/** What came of a run: every answer, and what the judge said. */
export type FuzzReport = {
  readonly observed: readonly Observed[];
  /** The first few, each with the request that it is about. */
  readonly complaints: readonly string[];
  /** Documented successes that never came. */
  readonly unreached: readonly string[];
};

/** Makes `requestsEach` requests of every operation of the document (or of those named) and judges the answers by it. */
export async function runFuzz(
  api: Pick<ApiHarness, 'call' | 'token'>,
  document: unknown,
  world: Awaited<ReturnType<typeof createFuzzWorld>>,
  options: { readonly seed: number; readonly requestsEach: number; readonly only?: readonly string[] },
): Promise<FuzzReport> {
  const judge = createJudge(document);
  const draw = seededDraw(options.seed);
  const make = createGenerator(draw, schemasOf(document), world.pool);
  const session = await api.token('full', 'session');
  const keys: string[] = [];
  const seen = new Set<string>();
  const observed: Observed[] = [];
  const complaints: string[] = [];

  for (const operation of operationsOf(document)) {
    const name = nameOf(operation);
    if (options.only?.includes(name) === false) continue;
    const directed = world.directed[name];
    for (let round = 0; round < options.requestsEach; round += 1) {
      const request =
        directed !== undefined && round % 20 === 0 ? await directed() : generate(draw, make, operation, keys);
      const { path, ...call } = request;
      const signsOut = name.endsWith('/sign-out');
      const asBrowser = !signsOut && draw.chance(0.2);
      const cookie = { cookie: `signalbox_session=${session}`, 'x-signalbox': '1' };
      const token = call.token ?? (signsOut ? await api.token('full') : undefined);
      const answer = await api.call(operation.method, `/api/v1${path}`, {
        ...call,
        ...(asBrowser
          ? { token: null, headers: { ...cookie, ...call.headers } }
          : token === undefined
            ? {}
            : { token }),
      });
      const one = { operation: name, status: answer.status, type: answer.type, body: answer.body };
      observed.push(one);
      seen.add(`${name} ${answer.status}`);
      const complaint = judge.complaint(one);
      if (complaint !== null && complaints.length < 20)
        complaints.push(`${complaint} — for ${path.slice(0, 300)} ${JSON.stringify(call).slice(0, 800)}`);
    }
  }
  return { observed, complaints, unreached: judge.unreached(seen) };
}

/** A request from the document: mostly fitting, now and then broken in one place or another. */
function generate(draw: Draw, make: Generator, operation: Operation, keys: string[]): CallOptions & { path: string } {
  const headers: Record<string, string> = {};
  const query = new URLSearchParams();
  let path = operation.path.replace(/^\/v1/, '');
  for (const parameter of operation.parameters) {
    const drawn = String(
      draw.chance(0.1)
        ? draw.pick(['', '\u0000', '-1', '1e9', 'x'.repeat(3_000), '%', '💥', ' '])
        : make.value(parameter.schema),
    );
    if (parameter.in === 'path')
      path = path.replace(
        `{${parameter.name}}`,
        encodeURIComponent(draw.chance(0.1) ? draw.pick(['x', '..', ' ', '0']) : drawn),
      );
    else if (parameter.in === 'query' && draw.chance(0.5)) query.append(parameter.name, drawn);
    else if (parameter.name === 'idempotency-key' && draw.chance(0.3)) {
      const key =
        draw.chance(0.3) && keys.length > 0 ? (keys[draw.below(keys.length)] ?? 'k') : `key-${draw.below(1e9)}`;
      keys.push(key);
      headers[parameter.name] = key;
    } else if (parameter.name === 'if-match' && draw.chance(0.9))
      headers[parameter.name] = draw.pick(['*', '"1"', '"2"', 'W/"1"', 'nonsense', '"0"']);
    else if (parameter.name === 'last-event-id' && draw.chance(0.5))
      headers[parameter.name] = draw.pick(['1-1', 'x', '0-0', '99999999999999999999-1', '"']);
  }
  const address = query.size === 0 ? path : `${path}?${query}`;
  const contents = Object.entries(operation.requestBody?.content ?? {});
  const [type, content] = contents[0] ?? [];
  if (type === undefined || content === undefined) {
    return operation.method !== 'GET' && draw.chance(0.1)
      ? { path: address, headers, text: { type: 'application/json', text: draw.pick(['{', '{}', '"\\u0000"']) } }
      : { path: address, headers };
  }
  if (type === 'text/csv')
    return { path: address, headers, text: { type: draw.chance(0.95) ? type : 'text/plain', text: csv(draw) } };
  if (type.startsWith('image/')) {
    const text = draw.pick(['GIF89a0101000;', 'GIF89a', '', '<svg/>', '%PDF-1.7', '{', '\u0000']);
    return { path: address, headers, text: { type: draw.chance(0.9) ? type : 'text/plain', text } };
  }
  if (draw.chance(0.08))
    return {
      path: address,
      headers,
      text: {
        type: draw.pick([type, 'text/plain', 'application/xml', '']),
        text: draw.pick(['', '{', 'null', '[]', '"x"', '{"a":1}}', '[['.repeat(3_000)]),
      },
    };
  return { path: address, headers, body: draw.chance(0.35) ? make.broken(content.schema) : make.value(content.schema) };
}

function csv(draw: Draw): string {
  const cell = () =>
    draw.pick([
      '',
      '+12025550143',
      `+1202${5_590_000 + draw.below(9_999)}`,
      'Sample',
      '"quoted, cell"',
      '"open',
      'a@example.com',
      'Europe/Berlin',
      '\u0000',
      '💥',
      '=1+1',
    ]);
  const header = draw.pick([
    'phone,first_name',
    'Phone;last name;email',
    'phone\ttime_zone',
    'name',
    '',
    'phone,phone',
    '\ufeffphone,plan',
  ]);
  return [
    header,
    ...Array.from({ length: draw.below(8) }, () =>
      Array.from({ length: 1 + draw.below(3) }, cell).join(draw.pick([',', ';', '\t'])),
    ),
  ].join(draw.pick(['\n', '\r\n']));
}
