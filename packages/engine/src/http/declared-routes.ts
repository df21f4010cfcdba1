import type { OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import type { ApiEnv } from './env.ts';
import { type Permission, resources, verbs } from './permissions.ts';
import type { Audit } from './route.ts';

/** A route as the assembled app has it, by its method and path in the document's words. */
export type DeclaredRoute = {
  readonly name: string;
  readonly needs: string;
  /** Null where it changes nothing. */
  readonly audit: Audit | null;
};

/** Every permission there is. */
export const permissions: ReadonlySet<string> = new Set<Permission | string>(
  Object.entries(resources).flatMap(([resource, { permissions: each }]) => each.map((what) => `${resource}.${what}`)),
);

const auditSchema = z.object({
  action: z.templateLiteral([z.string(), '.', z.string()]).check(z.regex(/^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/)),
  words: z.string().min(1),
});
const declarationSchema = z.object({
  resource: z.string().refine((name) => Object.hasOwn(resources, name)),
  verb: z.enum(verbs),
  needs: z.string().refine((needs) => needs === 'signed_in' || permissions.has(needs)),
  audit: z.union([auditSchema, z.literal('nothing changes')]).optional(),
});

/**
 * The routes of an app, with what each declares.
 *
 * @throws Error that names every route that is mounted without a declaration, or with half of one.
 */
export function declaredRoutes(app: OpenAPIHono<ApiEnv>): DeclaredRoute[] {
  const faults: string[] = [];
  const declared: DeclaredRoute[] = [];
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== 'route') continue;
    const { method, path, 'x-signalbox': said } = definition.route;
    const name = `${method.toUpperCase()} ${path}`;
    const parsed = declarationSchema.safeParse(said);
    if (!parsed.success) {
      faults.push(`${name} does not say what it needs`);
      continue;
    }
    const { needs, audit } = parsed.data;
    if (!['get', 'head'].includes(method) && audit === undefined)
      faults.push(`${name} does not say how its change is called in the audit trail`);
    const called = audit === undefined || audit === 'nothing changes' ? null : audit;
    if (called !== null && declared.some((other) => other.audit?.action === called.action))
      faults.push(`${name} calls its change as another route does: ${called.action}`);
    declared.push({ name, needs, audit: called });
  }
  const known = new Set(declared.map(({ name }) => name));
  for (const { method, path } of app.routes) {
    const name = `${method} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`;
    // Middleware is mounted for all methods under a pattern.
    if (
      !(method === 'ALL' && path.endsWith('*')) &&
      !known.has(name) &&
      !faults.some((fault) => fault.startsWith(`${name} `))
    )
      faults.push(`${name} is mounted and not declared`);
  }
  if (faults.length > 0) throw new Error(`Routes have to be declared with route():\n${faults.join('\n')}`);
  return declared;
}
