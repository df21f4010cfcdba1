import { permissions } from '@signalbox/engine/http/declared-routes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';
import { nameOf } from './judge.ts';
import { operationsOf } from './operations.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ api: 'demo' });
});
afterAll(() => api.close());

describe('every route says what it needs', () => {
  test('in the document, with the words for its change where it makes one', () => {
    const operations = operationsOf(api.api?.document());
    const declaration = z.object({ resource: z.string(), verb: z.string(), needs: z.string(), audit: z.unknown() });
    for (const operation of operations) {
      const said = declaration.parse({ audit: null, ...z.looseObject({}).parse(operation['x-signalbox']) });
      expect([nameOf(operation), said.needs === 'signed_in' || permissions.has(said.needs)]).toEqual([
        nameOf(operation),
        true,
      ]);
      expect([nameOf(operation), said.audit === null]).toEqual([nameOf(operation), operation.method === 'GET']);
    }
    expect(api.api?.declared).toHaveLength(operations.length);
  });

  test('no permission is there that no route needs', () => {
    const needed = new Set(api.api?.declared.map(({ needs }) => needs));
    expect([...permissions].filter((permission) => !needed.has(permission))).toEqual([]);
  });

  test('and is refused, the document says, to whoever is not signed in, and with fields that it does not know', () => {
    for (const operation of operationsOf(api.api?.document()))
      expect([nameOf(operation), Object.keys(operation.responses)]).toEqual([
        nameOf(operation),
        expect.arrayContaining(['401', '422']),
      ]);
  });
});
