import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiHarness, startApiHarness } from './client.ts';
import { nameOf } from './judge.ts';
import { operationsOf } from './operations.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ api: 'demo' });
});
afterAll(() => api.close());

/** What is mounted and on purpose not in the document: middleware, the document itself, and what browsers alone use. */
const undocumented: readonly string[] = [
  // Request log, headers, who may; limits of bodies.
  'ALL /*',
  'ALL /api/*',
  'ALL /api/v1/*',
  'ALL /api/v1/contacts/import',
  'ALL /demo/*',
  // Pages: the editor's gate, signing in, the document and what shows it.
  'GET /*',
  'GET /sign-in',
  'POST /sign-in',
  'GET /api/docs',
  'GET /api/openapi.json',
  // The phone on the screen, which speaks the carrier's language.
  'GET /demo/phone/*',
  'POST /demo/phone/*',
];

type Mounted = { readonly routes: ReadonlyArray<{ readonly method: string; readonly path: string }> };

/** Every method and path that the app has something mounted at, in the document's words, once each, and not in the document. */
function outsideDocument(app: Mounted, document: unknown): string[] {
  const documented = new Set(
    operationsOf(document).map((operation) => nameOf({ ...operation, path: `/api${operation.path}` })),
  );
  const mounted = app.routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`);
  return [...new Set(mounted)].filter((route) => !documented.has(route)).sort();
}

function app() {
  if (api.api === null) throw new Error('This harness serves the API.');
  return api.api.app;
}

test('every mounted route is in the document, or on the list of those that are not', () => {
  expect(outsideDocument(app(), api.api?.document())).toEqual([...undocumented].sort());
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
  app().get('/api/v1/planted', (c) => c.text(''));
  app().delete('/api/v1/flows/:flow_id/planted', (c) => c.text(''));
  app().all('/api/v1/anything', (c) => c.text(''));
  expect(outsideDocument(app(), api.api?.document())).toEqual(
    expect.arrayContaining(['GET /api/v1/planted', 'DELETE /api/v1/flows/{flow_id}/planted', 'ALL /api/v1/anything']),
  );
});
