import { plainRoutes, unlistedRoutes } from '@signalbox/engine/api/plain-routes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';
import { nameOf } from './judge.ts';
import { operationsOf } from './operations.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ api: 'demo' });
});
afterAll(() => api.close());

function app() {
  if (api.api === null) throw new Error('This harness serves the API.');
  return api.api.app;
}
const declared = () => api.api?.declared ?? [];

test('every mounted route is in the document, or on the list of those that are not', () => {
  expect(unlistedRoutes(app(), declared())).toEqual([]);
});

test('what is on that list is open where it needs nothing, and closed where it needs somebody who is signed in', async () => {
  const mounted = new Set(app().routes.map(({ method, path }) => `${method} ${path}`));
  const asked = Object.entries(plainRoutes).filter(([name, needs]) => needs !== 'passes' && mounted.has(name));
  expect(asked.length).toBeGreaterThan(6);
  for (const [name, needs] of asked) {
    const [method = '', path = ''] = name.split(' ');
    const query = path === '/sign-in' && method === 'GET' ? '?token=x' : '';
    const request = { token: null, ...(method === 'POST' ? { text: { type: 'text/plain', text: '' } } : {}) };
    const answer = await api.call(method, `${path.replace('*', 'numbers')}${query}`, request);
    const isClosed =
      answer.status === 401 && z.object({ code: z.literal('unauthenticated') }).safeParse(answer.body).success;
    const isGate = answer.status === 401 && path === '/*';
    expect([name, isClosed || isGate]).toEqual([name, needs === 'signed_in']);
  }
});

test('every operation of the document is mounted', () => {
  const mounted = new Set(
    app().routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`),
  );
  const missing = operationsOf(api.api?.document()).filter(
    (operation) => !mounted.has(nameOf({ ...operation, path: `/api${operation.path}` })),
  );
  expect(missing.map(nameOf)).toEqual([]);
});

test('an undocumented route would be found, whatever its method', () => {
  const planted = [
    { method: 'GET', path: '/api/v1/planted' },
    { method: 'DELETE', path: '/api/v1/flows/:flow_id/planted' },
    { method: 'ALL', path: '/api/v1/anything' },
  ];
  expect(unlistedRoutes({ routes: [...app().routes, ...planted] }, declared())).toEqual([
    'ALL /api/v1/anything',
    'DELETE /api/v1/flows/{flow_id}/planted',
    'GET /api/v1/planted',
  ]);
});
