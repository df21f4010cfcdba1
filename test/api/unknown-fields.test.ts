import { showId } from '@signalbox/engine/runtime/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';
import { createFuzzWorld } from './fuzz-world.ts';
import { nameOf } from './judge.ts';
import { type Json, type Operation, operationsOf, schemasOf } from './operations.ts';

let api: ApiHarness;
let world: Awaited<ReturnType<typeof createFuzzWorld>>;
beforeAll(async () => {
  api = await startApiHarness({ api: 'demo' });
  world = await createFuzzWorld(api);
});
afterAll(() => api.close());

const jsonSchema = z.record(z.string(), z.unknown());
const refusalSchema = z.object({
  errors: z.array(
    z.object({ path: z.array(z.union([z.string(), z.number()])), code: z.string(), message: z.string() }),
  ),
});
const unknownPaths = (body: unknown) =>
  (refusalSchema.safeParse(body).data?.errors ?? []).filter(({ code }) => code === 'field_unknown');

/** What the body of an operation is that takes a file. */
const fileTypeOf = ({ requestBody }: Operation): string | undefined =>
  Object.keys(requestBody?.content ?? {}).find((type) => !type.endsWith('json'));

describe('a field that a request has and nothing knows is refused by its name', () => {
  test('in a query, of every operation', async () => {
    for (const operation of operationsOf(api.api?.document())) {
      const path = `/api${operation.path.replaceAll(/\{\w+\}/g, 'x')}?planted=1`;
      const type = fileTypeOf(operation);
      const answer = await api.call(
        operation.method,
        path,
        type === undefined ? {} : { text: { type, text: 'phone' } },
      );
      expect([nameOf(operation), answer.status]).toEqual([nameOf(operation), 422]);
      expect(unknownPaths(answer.body)).toEqual([
        { path: ['planted'], code: 'field_unknown', message: 'There is no field “planted” here.' },
      ]);
    }
  });

  test('in a body, of every operation that takes one, and of those that take none', async () => {
    const changing = operationsOf(api.api?.document()).filter(
      (operation) => operation.method !== 'GET' && fileTypeOf(operation) === undefined,
    );
    for (const operation of changing) {
      const name = nameOf(operation);
      const directed = await world.directed[name]?.();
      if (directed === undefined) throw new Error(`${name} needs a request in test/api/fuzz-world.ts.`);
      const { path, ...request } = directed;
      const body = { ...jsonSchema.parse(request.body ?? {}), planted: 1 };
      const answer = await api.call(operation.method, `/api/v1${path}`, { ...request, body });
      expect([name, answer.status, unknownPaths(answer.body).map((error) => error.path)]).toEqual([
        name,
        422,
        [['planted']],
      ]);
    }
  });

  const wait = { id: 'wait', type: 'wait', version: 1, config: { duration: { amount: 1, unit: 'hours' } } };
  const graph = { schema_version: 1, steps: [wait], edges: [] };
  const create = (sent: object) => api.call('POST', '/api/v1/flows', { body: { name: 'Planted', graph: sent } });

  test('deep inside: of a sender, a graph, a step, a line, and of a step’s config by its type', async () => {
    const planted = { planted: 1 };
    const end = { id: 'done', type: 'end', version: 1, config: planted };
    const config = { duration: { ...wait.config.duration, ...planted }, ...planted };
    const edge = { from: 'wait', outlet: 'next', to: 'done', ...planted };
    const account = {
      provider: 'twilio',
      name: 'Planted',
      account_sid: `AC${'3'.repeat(32)}`,
      auth_token: 'x'.repeat(32),
      senders: [{ address: '+12025550142', kind: 'long_code', ...planted }],
    };
    const paths = [
      await create({ ...graph, ...planted }),
      await create({ ...graph, steps: [{ ...wait, ...planted }] }),
      await create({ ...graph, edges: [edge] }),
      await create({ ...graph, steps: [{ ...wait, config }] }),
      await create({ ...graph, steps: [end] }),
      await api.call('POST', '/api/v1/accounts', { body: account }),
    ].map((answer) => unknownPaths(answer.body).map(({ path }) => path.join('.')));
    expect(paths).toEqual([
      ['graph.planted'],
      ['graph.steps.0.planted'],
      ['graph.edges.0.planted'],
      ['graph.steps.0.config.duration.planted', 'graph.steps.0.config.planted'],
      ['graph.steps.0.config.planted'],
      ['senders.0.planted'],
    ]);
  });

  test('but a step of a type that is not known here is a problem of the flow, as before', async () => {
    const answer = await create({ ...graph, steps: [{ ...wait, type: 'gone', config: { anything: 1 } }] });
    expect(answer.status).toBe(201);
  });

  test('and a flow that was stored with more is read, and saved with what it had', async () => {
    const id = api.engine.ids.uuid();
    const stored = { ...graph, steps: [{ ...wait, config: { ...wait.config, from_before: 1 } }] };
    const now = new Date();
    await api.inTx((tx) =>
      tx
        .insertInto('flows')
        .values({
          workspace_id: api.workspaceId,
          id,
          name: 'From before',
          kind: 'drawn',
          state: 'draft',
          graph: JSON.stringify(stored),
          created_at: now,
          updated_at: now,
        })
        .execute(),
    );
    const path = `/api/v1/flows/${showId('flw', id)}`;
    expect((await api.call('GET', path)).body).toMatchObject({ graph: stored });
    const save = (body: object) => api.call('PATCH', path, { body, headers: { 'if-match': '*' } });
    expect((await save({ graph: { ...stored, steps: [...stored.steps, { ...wait, id: 'more' }] } })).status).toBe(200);
    const more = { ...wait, id: 'more', config: { ...wait.config, from_before: 1 } };
    const refused = await save({ graph: { ...stored, steps: [...stored.steps, more] } });
    expect(unknownPaths(refused.body).map((error) => error.path)).toEqual([
      ['graph', 'steps', 1, 'config', 'from_before'],
    ]);
  });
});

/** Where the bodies of a document let fields through that it does not name. */
function looseBodies(document: unknown): string[] {
  const schemas = schemasOf(document);
  const found: string[] = [];
  // Conditions stand in each other: what has a name is looked at once in a body.
  const seen = new Set<string>();
  const visit = (value: unknown, path: string): void => {
    const schema = jsonSchema.safeParse(value).data;
    if (schema === undefined) return;
    if (typeof schema['$ref'] === 'string') {
      if (seen.has(schema['$ref'])) return;
      seen.add(schema['$ref']);
      visit(schemas[schema['$ref'].split('/').at(-1) ?? ''], path);
      return;
    }
    const properties: Json = jsonSchema.safeParse(schema['properties']).data ?? {};
    if ('properties' in schema && schema['additionalProperties'] !== false) found.push(path);
    for (const [name, inner] of Object.entries(properties)) visit(inner, `${path}.${name}`);
    visit(schema['items'], `${path}.*`);
    for (const key of ['anyOf', 'oneOf', 'allOf'] as const)
      for (const inner of z.array(z.unknown()).safeParse(schema[key]).data ?? []) visit(inner, path);
  };
  for (const operation of operationsOf(document))
    for (const { schema } of Object.values(operation.requestBody?.content ?? {})) {
      seen.clear();
      visit(schema, nameOf(operation));
    }
  return found;
}

describe('the document says so', () => {
  test('of every object in every body', () => {
    expect(looseBodies(api.api?.document())).toEqual([]);
  });

  test('and turns red for one that does not', () => {
    const planted: unknown = JSON.parse(
      JSON.stringify(api.api?.document()).replace(
        /("kind":\{[^}]*\}\},"required":\["address","kind"\]),"additionalProperties":false/,
        '$1',
      ),
    );
    expect(looseBodies(planted)).toEqual(['POST /v1/accounts.senders.*']);
  });
});
