import { OpenAPIHono } from '@hono/zod-openapi';
import { Hono } from 'hono';
import { authenticate, sessionCookie } from '../access/authenticate.ts';
import { signInRoutes } from '../access/sign-in-routes.ts';
import { accountRoutes } from '../accounts/routes.ts';
import { contactRoutes } from '../contacts/routes.ts';
import { importRoutes, mostImportBytes } from '../contacts/routes-import.ts';
import { phoneRoutes } from '../demo/phone-proxy.ts';
import { demoRoutes } from '../demo/routes.ts';
import { createFeedHub } from '../feed/hub.ts';
import { createOpenStreams, streamRoutes } from '../feed/stream.ts';
import { flowRoutes } from '../flows/routes.ts';
import { enrollmentRoutes } from '../flows/routes-enrollments.ts';
import { flowStateRoutes } from '../flows/routes-state.ts';
import type { ApiDeps, ApiEnv } from '../http/env.ts';
import { guardJson } from '../http/guard-json.ts';
import { limitBody } from '../http/limit-body.ts';
import { answerProblem } from '../http/on-error.ts';
import { ProblemError } from '../http/problems.ts';
import { type ObservedRequest, requestLog } from '../http/request-log.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { messageRoutes } from '../inbox/routes.ts';
import { apiPage } from './api-page.ts';
import { editorRoutes } from './editor-files.ts';
import { apiInfo, registerSecurity, withConditions } from './openapi.ts';
import { workspaceRoutes } from './routes-workspace.ts';

export type ApiOptions = ApiDeps & {
  /** The built editor; null serves the API alone. */
  readonly editorFolder: string | null;
  /** Text in the Prometheus format; null leaves /metrics out. */
  readonly metrics: (() => Promise<string>) | null;
  readonly onRequest?: (request: ObservedRequest) => void;
  /** Serve /metrics alone: a process that only works. */
  readonly onlyMetrics?: boolean;
  /** What needs no session, such as health. Mounted before what does. */
  readonly unguarded?: readonly Hono[];
};

/** Bytes of a JSON body. */
const mostJsonBytes = 2 * 1_024 * 1_024;

/** Routes of /api/v1, chained so that their types add up. */
function v1(deps: ApiDeps, hub: ReturnType<typeof createFeedHub>, open: ReturnType<typeof createOpenStreams>) {
  return new OpenAPIHono<ApiEnv>()
    .route('/', importRoutes(deps))
    .route('/', flowRoutes(deps))
    .route('/', flowStateRoutes(deps))
    .route('/', enrollmentRoutes(deps))
    .route('/', contactRoutes(deps))
    .route('/', messageRoutes(deps))
    .route('/', workspaceRoutes(deps, open.endOf))
    .route('/', accountRoutes(deps))
    .route('/', streamRoutes(deps, hub, open))
    .route('/', demoRoutes(deps));
}

/** The types of every route of the API. */
export type ApiRoutes = ReturnType<typeof v1>;

/**
 * Everything a browser or client reaches but webhooks and health: sign-in, the API, its document and page, the stream, the editor.
 *
 * @returns the app, and `close`, which ends open streams.
 */
export function createApi(options: ApiOptions) {
  const { engine } = options;
  const hub = createFeedHub({
    db: engine.db,
    log: engine.log,
    notifier: engine.notifier,
    now: () => engine.clock.now(),
  });
  const open = createOpenStreams();
  const signedIn = authenticate(options);

  const api = new OpenAPIHono<ApiEnv>();
  registerSecurity(api, sessionCookie(engine.publicUrl));
  api.use('*', signedIn);
  api.use('/v1/contacts/import', async (c, next) => {
    if (c.req.method === 'POST' && !/^text\/csv(;|$)/i.test(c.req.header('content-type') ?? ''))
      throw new ProblemError('content_type');
    return limitBody(mostImportBytes)(c, next);
  });
  api.use('/v1/*', async (c, next) => {
    if (c.req.path.endsWith('/contacts/import')) return next();
    return limitBody(mostJsonBytes)(c, async () => {
      if (/^application\/([a-z.-]+\+)?json/i.test(c.req.header('content-type') ?? '') && c.req.raw.body !== null)
        guardJson(await readJson(c.req));
      await next();
    });
  });
  api.route('/v1', v1(options, hub, open));
  const document = () =>
    withConditions(api.getOpenAPI31Document({ ...apiInfo, servers: [{ url: `${engine.publicUrl}/api` }] }));
  api.get('/openapi.json', (c) => c.json(document()));
  api.get('/docs', (c) => c.html(apiPage(document())));

  const app = new Hono<ApiEnv>();
  app.onError((error, c) => answerProblem(error, c, engine.log));
  app.notFound((c) => answerProblem(new ProblemError('not_found'), c, engine.log));
  app.use('*', requestLog(engine, options.onRequest ?? (() => undefined)));
  for (const part of options.unguarded ?? []) app.route('/', part);
  app.use('*', securityHeaders(engine.publicUrl));
  const { metrics } = options;
  if (metrics !== null)
    app.get('/metrics', signedIn, async (c) =>
      c.text(await metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
    );
  if (options.onlyMetrics !== true) {
    app.route('/', signInRoutes(options));
    app.route('/api', api);
    app.use('/demo/*', signedIn, limitBody(64 * 1_024));
    app.route('/', phoneRoutes(options.demo));
    app.route('/', editorRoutes(options.editorFolder));
  }

  return {
    app,
    document,
    hub,
    close(): void {
      open.endAll();
      hub.close();
    },
  };
}

/** @throws ProblemError `malformed_json`. */
async function readJson(request: { readonly json: () => Promise<unknown> }): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    throw new ProblemError('malformed_json');
  }
}
