import { OpenAPIHono } from '@hono/zod-openapi';
import { Hono, type MiddlewareHandler } from 'hono';
import { authenticate, sessionCookie } from '../access/authenticate.ts';
import { openingHoursRoutes } from '../access/opening-hours-routes.ts';
import { sessionRoutes } from '../access/routes.ts';
import { auditRoutes } from '../access/routes-audit.ts';
import { signedInAudit, signInRoutes } from '../access/sign-in-routes.ts';
import { tokenMadeAudit } from '../access/tokens.ts';
import { workspaceRoutes } from '../access/workspace-routes.ts';
import type { AccountChange } from '../accounts/account-deps.ts';
import { oneAccountRoutes } from '../accounts/account-routes.ts';
import { accountRoutes } from '../accounts/routes.ts';
import type { SecretBox } from '../accounts/secret-box.ts';
import type { AccountStore } from '../accounts/store.ts';
import { campaignRoutes } from '../campaigns/routes.ts';
import { campaignReportRoutes } from '../campaigns/routes-reports.ts';
import { campaignStateRoutes } from '../campaigns/routes-state.ts';
import { codeRoutes } from '../codes/routes.ts';
import { mostImportBytes } from '../contacts/import-file.ts';
import { contactRoutes } from '../contacts/routes.ts';
import { contactFieldRoutes } from '../contacts/routes-fields.ts';
import { importRoutes } from '../contacts/routes-import.ts';
import { contactListRoutes } from '../contacts/routes-lists.ts';
import { upsertRoutes } from '../contacts/routes-upsert.ts';
import type { Scope } from '../db/work.ts';
import { syncCarrierAccount } from '../demo/carrier-account.ts';
import { demoInfo } from '../demo/info.ts';
import { phoneRoutes } from '../demo/phone-proxy.ts';
import { demoRoutes } from '../demo/routes.ts';
import { erasureRoutes } from '../erasure/routes.ts';
import { testRoutes } from '../experiments/routes.ts';
import { createFeedHub, type FeedHub } from '../feed/hub.ts';
import { createOpenStreams, type OpenStreams, streamRoutes } from '../feed/stream.ts';
import { flowRoutes } from '../flows/routes.ts';
import { contactEnrollmentRoutes } from '../flows/routes-contact-enrollments.ts';
import { flowCountRoutes } from '../flows/routes-counts.ts';
import { enrollmentRoutes } from '../flows/routes-enrollments.ts';
import { libraryRoutes } from '../flows/routes-library.ts';
import { flowStateRoutes } from '../flows/routes-state.ts';
import type { FlowServices } from '../flows/services.ts';
import { gateRoutes } from '../gate/routes.ts';
import { goalRoutes } from '../goals/routes.ts';
import { conversionRoutes } from '../goals/routes-conversions.ts';
import { declaredRoutes } from '../http/declared-routes.ts';
import type { ApiEnv, RouteDeps } from '../http/env.ts';
import { guardJson } from '../http/guard-json.ts';
import { limitBody } from '../http/limit-body.ts';
import { answerProblem } from '../http/on-error.ts';
import { ProblemError } from '../http/problems.ts';
import { type ObservedRequest, requestLog } from '../http/request-log.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { linkPages } from '../inbound/link-pages.ts';
import { eventRoutes } from '../inbound/routes.ts';
import { redemptionRoutes } from '../inbound/routes-redemptions.ts';
import type { CommitEngine } from '../inbound/webhook-commits.ts';
import { messageRoutes } from '../inbox/routes.ts';
import { timelineRoutes } from '../inbox/routes-timeline.ts';
import { returnRoutes } from '../insights/routes.ts';
import { webhookRoutes } from '../integrations/routes.ts';
import { deliveryRoutes } from '../integrations/routes-deliveries.ts';
import { linkRoutes } from '../links/routes.ts';
import type { LinkMaker } from '../links/shorten.ts';
import { mostFileBytes } from '../media/fetch-file.ts';
import { filePages } from '../media/file-pages.ts';
import type { FileStore } from '../media/file-store.ts';
import { mediaRoutes } from '../media/routes.ts';
import { noticeRoutes } from '../notices/routes.ts';
import { priceRoutes } from '../pricing/routes.ts';
import { programmeRoutes } from '../programmes/routes.ts';
import { consentRoutes } from '../programmes/routes-consents.ts';
import type { Provider } from '../providers/provider.ts';
import { routingRoutes } from '../routing/routes.ts';
import { segmentRoutes } from '../segments/routes.ts';
import { queueRoutes } from '../sending/routes.ts';
import { retryRoutes } from '../sending/routes-retries.ts';
import { joinPages } from '../signups/join-pages.ts';
import { signUpFormRoutes } from '../signups/routes.ts';
import { suppressionRoutes } from '../suppression/routes.ts';
import { templateRoutes } from '../templates/routes.ts';
import { templateReportRoutes } from '../templates/routes-reports.ts';
import { templateVersionRoutes } from '../templates/routes-versions.ts';
import { apiPage } from './api-page.ts';
import { editorRoutes } from './editor-files.ts';
import { apiInfo, registerSecurity, withConditions } from './openapi.ts';
import { unlistedRoutes } from './plain-routes.ts';

/** Everything that the routes of all rooms reach the world through. */
export type ApiDeps = RouteDeps<
  FlowServices &
    Pick<CommitEngine, 'arrivalDeps' | 'onArrived' | 'onQueued' | 'onSettled'> & {
      readonly accounts: AccountStore;
      readonly links: LinkMaker;
      readonly files: FileStore;
      readonly randomBytes: (bytes: number) => Buffer;
    }
> & {
  readonly box: SecretBox;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly webhooksAnywhere: boolean;
};

export type ApiOptions = ApiDeps & {
  /** The built editor; null serves the API alone. */
  readonly editorFolder: string | null;
  /** Text in the Prometheus format; null leaves /metrics out. */
  readonly metrics: (() => Promise<string>) | null;
  readonly onRequest?: (request: ObservedRequest) => void;
  /** Serve /metrics alone: a process that only works. */
  readonly onlyMetrics?: boolean;
  /** Servers of ours in front, as TRUSTED_PROXIES says. */
  readonly trustedProxies?: number;
  /** What needs no session, such as health. Mounted before what does. */
  readonly unguarded?: readonly Hono[];
};

/** Routes that take a file. */
const imports = ['/v1/contacts/import', '/v1/consents/import', '/v1/suppressions/import'] as const;
const uploads = '/v1/media';
/** Bytes of a JSON body. */
const mostJsonBytes = 2 * 1_024 * 1_024;

/** Routes of /api/v1, chained so that their types add up. */
function v1(deps: ApiDeps, hub: FeedHub, open: OpenStreams, wordsOf: (action: string) => string | undefined) {
  const { demo } = deps;
  const accountDeps = {
    ...deps,
    onAccountChanged: async ({ workspaceId, accountId, baseUrl }: AccountChange): Promise<void> => {
      if (demo !== null && baseUrl === demo.carrierUrl) await syncCarrierAccount(deps, demo, workspaceId, accountId);
    },
  };
  const sessionDeps = {
    ...deps,
    onSignedOut: open.endOf,
    demoOf: async (scope: Scope) => (demo === null ? null : demoInfo(scope, demo)),
  };
  return new OpenAPIHono<ApiEnv>()
    .route('/', importRoutes(deps))
    .route('/', flowRoutes(deps))
    .route('/', flowStateRoutes(deps))
    .route('/', flowCountRoutes(deps))
    .route('/', enrollmentRoutes(deps))
    .route('/', campaignRoutes(deps))
    .route('/', campaignStateRoutes(deps))
    .route('/', campaignReportRoutes(deps))
    .route('/', contactRoutes(deps))
    .route('/', contactFieldRoutes(deps))
    .route('/', upsertRoutes(deps))
    .route('/', contactListRoutes(deps))
    .route('/', segmentRoutes(deps))
    .route('/', goalRoutes(deps))
    .route('/', conversionRoutes(deps))
    .route('/', testRoutes(deps))
    .route('/', returnRoutes(deps))
    .route('/', codeRoutes(deps))
    .route('/', redemptionRoutes(deps))
    .route('/', contactEnrollmentRoutes(deps))
    .route('/', messageRoutes(deps))
    .route('/', timelineRoutes(deps))
    .route('/', linkRoutes(deps))
    .route('/', mediaRoutes(deps))
    .route('/', templateReportRoutes(deps))
    .route('/', templateRoutes(deps))
    .route('/', templateVersionRoutes(deps))
    .route('/', queueRoutes(deps))
    .route('/', retryRoutes(deps))
    .route('/', sessionRoutes(sessionDeps))
    .route('/', workspaceRoutes(deps))
    .route('/', openingHoursRoutes(deps))
    .route('/', noticeRoutes(deps))
    .route('/', gateRoutes(deps))
    .route('/', programmeRoutes(deps))
    .route('/', consentRoutes(deps))
    .route('/', signUpFormRoutes(deps))
    .route('/', suppressionRoutes(deps))
    .route('/', erasureRoutes(deps))
    .route('/', routingRoutes(deps))
    .route('/', priceRoutes(deps))
    .route('/', libraryRoutes(deps))
    .route('/', eventRoutes(deps))
    .route('/', accountRoutes(accountDeps))
    .route('/', oneAccountRoutes(accountDeps))
    .route('/', webhookRoutes(deps))
    .route('/', deliveryRoutes(deps))
    .route('/', auditRoutes({ ...deps, wordsOf }))
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
  for (const path of imports)
    api.use(path, async (c, next) => {
      if (c.req.method === 'POST' && !/^text\/csv(;|$)/i.test(c.req.header('content-type') ?? ''))
        throw new ProblemError('content_type');
      return limitBody(mostImportBytes)(c, next);
    });
  api.use(uploads, async (c, next) => {
    if (c.req.method === 'POST' && !/^image\//i.test(c.req.header('content-type') ?? ''))
      throw new ProblemError('content_type');
    return limitBody(mostFileBytes)(c, next);
  });
  api.use('/v1/*', async (c, next) => {
    if ([...imports, uploads].some((path) => c.req.path.endsWith(path))) return next();
    return limitBody(mostJsonBytes)(c, async () => {
      if (/^application\/([a-z.-]+\+)?json/i.test(c.req.header('content-type') ?? '') && c.req.raw.body !== null)
        guardJson(await readJson(c.req));
      await next();
    });
  });
  const words = new Map<string, string>(
    [signedInAudit, tokenMadeAudit].map(({ action, words: text }) => [action, text]),
  );
  const routes = v1(options, hub, open, (action) => words.get(action));
  const declared = declaredRoutes(routes);
  for (const { audit } of declared) if (audit !== null) words.set(audit.action, audit.words);
  api.route('/v1', routes);
  const document = () =>
    withConditions(api.getOpenAPI31Document({ ...apiInfo, servers: [{ url: `${engine.publicUrl}/api` }] }));
  api.get('/openapi.json', (c) => c.json(document()));
  api.get('/docs', (c) => c.html(apiPage(document())));

  const app = new Hono<ApiEnv>();
  app.onError((error, c) => answerProblem(error, c, engine.log));
  app.notFound((c) => answerProblem(new ProblemError('not_found'), c, engine.log));
  app.use('*', requestLog(engine, options.onRequest ?? (() => undefined)));
  for (const part of options.unguarded ?? []) app.route('/', part);
  const links = linkPages(engine, { trustedProxies: options.trustedProxies ?? 0 });
  if (options.onlyMetrics !== true) {
    app.route('/', joinPages({ ...engine, box: options.box }, { trustedProxies: options.trustedProxies ?? 0 }));
    app.route('/', links.app);
    app.route('/', filePages({ ...engine, box: options.box }));
  }
  app.use('*', securityHeaders(engine.publicUrl));
  const { metrics } = options;
  if (metrics !== null)
    app.get('/metrics', neverStored, signedIn, async (c) =>
      c.text(await metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
    );
  if (options.onlyMetrics !== true) {
    app.route('/', signInRoutes({ ...options, onSignedOut: open.endOf }));
    app.use('/api/*', neverStored);
    app.use('/demo/*', neverStored);
    app.route('/api', api);
    app.use('/demo/*', signedIn, limitBody(64 * 1_024));
    app.route('/', phoneRoutes(options.demo));
    app.route('/', editorRoutes(options.editorFolder));
  }

  const unlisted = unlistedRoutes(app, declared);
  if (unlisted.length > 0) throw new Error(`Mounted, and neither declared nor on the list: ${unlisted.join(', ')}`);

  return {
    app,
    document,
    /** What each route of the API says of itself. */
    declared,
    hub,
    /** Resolves once what is written behind answers is there. */
    drain: links.drain,
    close(): void {
      open.endAll();
      hub.close();
    },
  };
}

/** Answers hold people and texts: neither a browser nor a proxy keeps one, unless a route says otherwise. */
const neverStored: MiddlewareHandler<ApiEnv> = async (c, next) => {
  await next();
  if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
};

/** @throws ProblemError `malformed_json`. */
async function readJson(request: { readonly json: () => Promise<unknown> }): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    throw new ProblemError('malformed_json');
  }
}
