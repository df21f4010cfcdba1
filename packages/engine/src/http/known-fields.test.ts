import { z } from '@hono/zod-openapi';
import { describe, expect, test } from 'vitest';
import { looseIn } from './known-fields.ts';
import { route } from './route.ts';
import { jsonBody } from './route-parts.ts';

const loose = z.object({ a: z.string() });
const strict = z.strictObject({ a: z.string() });

describe('a schema that lets unknown fields through', () => {
  test.each([
    ['itself', loose, ['the body']],
    ['one that says so', z.looseObject({}), ['the body']],
    ['in a field', z.strictObject({ inner: loose.optional() }), ['inner']],
    ['in a list', z.strictObject({ list: z.array(loose).min(1) }), ['list.*']],
    ['in a record', z.strictObject({ by_name: z.record(z.string(), loose) }), ['by_name.*']],
    ['in a union', z.union([strict, z.strictObject({ other: loose.nullable() })]), ['other']],
    ['in a union by kind', z.discriminatedUnion('a', [z.object({ a: z.literal('x') })]), ['the body']],
    ['in a tuple', z.tuple([loose]), ['*']],
    ['behind a default', z.strictObject({ inner: loose.default({ a: '' }) }), ['inner']],
    ['before a transformation', loose.transform(({ a }) => a), ['the body']],
    ['in an intersection', z.intersection(strict, loose), ['the body']],
  ] as const)('is found: %s', (_, schema, paths) => {
    expect(looseIn(schema, [])).toEqual(paths);
  });

  test('and one that does not is none', () => {
    const names = z.record(z.string(), z.unknown());
    expect(looseIn(z.strictObject({ inner: strict, list: z.array(strict), names }), [])).toEqual([]);
  });

  test('makes no route', () => {
    const declared = { resource: 'flows', verb: 'create', needs: 'flows.write', audit: 'nothing changes' } as const;
    const make = (schema: z.ZodType) =>
      route(declared, { method: 'post', path: '/planted', request: { body: jsonBody(schema) }, responses: {} });
    expect(() => make(z.strictObject({ inner: loose }))).toThrow(
      'POST /planted takes fields that it does not know: inner',
    );
    expect(() => make(strict)).not.toThrow();
  });
});
