import { createRoute, type RouteConfig } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { ApiEnv } from './env.ts';
import { knownFields } from './known-fields.ts';
import { type Needs, type Resource, resources, type Verb } from './permissions.ts';
import { ProblemError } from './problems.ts';

/** How a change is called in the audit trail: a stable code, `<noun>.<past tense>`, and a sentence for people. */
export type Audit = { readonly action: `${string}.${string}`; readonly words: string };

/** What every route says of itself; the document carries it as `x-signalbox`. */
export type Declaration = {
  readonly resource: Resource;
  readonly verb: Verb;
  readonly needs: Needs;
  /** Of every route but those that read: how its change is called, or that it makes none. */
  readonly audit?: Audit | 'nothing changes';
};

/** A route that reads has no words for the trail; any other says how its change is called, or that it makes none. */
type Fitting<Method extends string> = Method extends 'get' | 'head'
  ? { readonly audit?: never }
  : { readonly audit: Audit | 'nothing changes' };

type Config = Omit<RouteConfig, 'path' | 'security' | 'tags' | 'middleware'>;

/** Every credential that a route takes, for the document. */
const security = [{ bearer: [] }, { session: [] }];

/**
 * A route of the API. It says which resource it is about, what it does to it, what whoever asks needs for that, and, where it changes
 * something, how the change is called in the audit trail. A route without this keeps the API from starting.
 */
export function route<const D extends Declaration, P extends string, R extends Config & { path: P }>(
  declared: D & Fitting<R['method']>,
  config: R,
) {
  return createRoute({
    ...config,
    tags: [resources[declared.resource].title],
    security,
    middleware: [permit(declared.needs), knownFields(`${config.method.toUpperCase()} ${config.path}`, config.request)],
    'x-signalbox': declared,
  });
}

/** @throws ProblemError `read_only` where whoever asks may not do what the route does. */
function permit(needs: Needs): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (!c.var.actor.may(needs)) throw new ProblemError('read_only');
    await next();
  };
}
