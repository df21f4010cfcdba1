import { createRoute } from '@hono/zod-openapi';
import { describe, expect, test } from 'vitest';
import { declaredRoutes } from './declared-routes.ts';
import { route } from './route.ts';
import { newRoutes } from './route-parts.ts';

describe('the API does not start with a route', () => {
  const plain = { method: 'get', path: '/planted', responses: { 204: { description: 'Nothing' } } } as const;
  const reads = { resource: 'flows', verb: 'read', needs: 'flows.read' } as const;

  test('that is mounted without a declaration', () => {
    const planted = newRoutes();
    planted.get('/planted/:id', (c) => c.text(''));
    planted.all('/planted', (c) => c.text(''));
    expect(() => declaredRoutes(planted)).toThrow(/GET \/planted\/\{id\} is mounted.*\nALL \/planted is mounted/);
  });

  test('that the library’s own function made', () => {
    expect(() => declaredRoutes(newRoutes().openapi(createRoute(plain), (c) => c.body(null, 204)))).toThrow(
      'GET /planted does not say what it needs',
    );
  });

  test('that needs what nobody can be given', () => {
    const odd = createRoute({ ...plain, 'x-signalbox': { ...reads, needs: 'flows.admire' } });
    expect(() => declaredRoutes(newRoutes().openapi(odd, (c) => c.body(null, 204)))).toThrow(
      'GET /planted does not say what it needs',
    );
  });

  test('that changes something and has no words for it, which does not compile either', () => {
    // @ts-expect-error A route that is no GET says how its change is called.
    const silent = route(reads, { ...plain, method: 'post' });
    expect(() => declaredRoutes(newRoutes().openapi(silent, (c) => c.body(null, 204)))).toThrow(
      'POST /planted does not say how its change is called',
    );
  });

  test('that calls its change as another does', () => {
    const declared = { ...reads, audit: { action: 'flow.created', words: 'Created a flow' } } as const;
    const app = newRoutes()
      .openapi(route(declared, { ...plain, method: 'post' }), (c) => c.body(null, 204))
      .openapi(route(declared, { ...plain, method: 'put' }), (c) => c.body(null, 204));
    expect(() => declaredRoutes(app)).toThrow('PUT /planted calls its change as another route does: flow.created');
  });
});
