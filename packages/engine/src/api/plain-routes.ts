import type { DeclaredRoute } from '../http/declared-routes.ts';

/**
 * What is mounted beside the routes of the API's document, and what it needs: that whoever asks is signed in, or nothing. `passes` are
 * no routes: what every request under a path goes through.
 */
export const plainRoutes: Readonly<Record<string, 'signed_in' | 'nothing' | 'passes'>> = {
  // Request log, headers, who may; limits of bodies.
  'ALL /*': 'passes',
  'ALL /api/*': 'passes',
  'ALL /api/v1/*': 'passes',
  'ALL /api/v1/contacts/import': 'passes',
  'ALL /api/v1/consents/import': 'passes',
  'ALL /api/v1/suppressions/import': 'passes',
  'ALL /api/v1/media': 'passes',
  'ALL /demo/*': 'passes',
  // Health.
  'GET /healthz': 'nothing',
  'GET /readyz': 'nothing',
  'GET /metrics': 'signed_in',
  // Short links, and at a workspace's domain for links those at its root.
  'GET /l/{code}': 'nothing',
  'GET /{code}': 'nothing',
  // Pages on which people sign up.
  'GET /join/{code}': 'nothing',
  'POST /join/{code}': 'nothing',
  // Pictures that providers fetch.
  'GET /m/{token}': 'nothing',
  // Signing in, and the editor behind its gate.
  'GET /sign-in': 'nothing',
  'POST /sign-in': 'nothing',
  'GET /*': 'signed_in',
  // The document and what shows it.
  'GET /api/docs': 'signed_in',
  'GET /api/openapi.json': 'signed_in',
  // The phone on the screen, which speaks the carrier's language.
  'GET /demo/phone/*': 'signed_in',
  'POST /demo/phone/*': 'signed_in',
};

type Mounted = { readonly routes: ReadonlyArray<{ readonly method: string; readonly path: string }> };

/** Every method and path that an app has something mounted at, in the document's words, and that is neither declared nor listed here. */
export function unlistedRoutes(app: Mounted, declared: readonly DeclaredRoute[]): string[] {
  const known = new Set([...Object.keys(plainRoutes), ...declared.map(({ name }) => name.replace(' /', ' /api/v1/'))]);
  const mounted = app.routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`);
  return [...new Set(mounted)].filter((name) => !known.has(name)).sort();
}
