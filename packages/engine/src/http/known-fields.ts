import { z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { ApiEnv } from './env.ts';
import { unknownField } from './field-errors.ts';
import { ProblemError } from './problems.ts';
import { sentFields } from './sent-fields.ts';

/** What a route takes, as far as fields go. */
type Request = { readonly query?: unknown; readonly body?: { readonly content: Readonly<Record<string, unknown>> } };

/**
 * Refuses by name what a route does not know: parameters of a query, and fields sent to a route that takes no body. Those of a body are
 * its schema's to refuse, which has to be strict.
 *
 * @throws Error for a body's schema that lets fields through which it does not know.
 */
export function knownFields(name: string, request: Request | undefined): MiddlewareHandler<ApiEnv> {
  const loose = Object.values(request?.body?.content ?? {}).flatMap((content) => looseIn(schemaOf(content), []));
  if (loose.length > 0) throw new Error(`${name} takes fields that it does not know: ${loose.join(', ')}`);
  const query = request?.query;
  const known = new Set(query instanceof z.ZodObject ? Object.keys(query.shape) : []);
  const takesBody = request?.body !== undefined;
  return async (c, next) => {
    const unknown = Object.keys(c.req.queries()).filter((field) => !known.has(field));
    if (!takesBody) unknown.push(...(await sentFields(c.req)));
    if (unknown.length > 0)
      throw new ProblemError('validation_failed', { errors: unknown.map((field) => unknownField([], field)) });
    await next();
  };
}

function schemaOf(content: unknown): unknown {
  return typeof content === 'object' && content !== null && 'schema' in content ? content.schema : null;
}

/** Where a schema lets unknown fields through, as paths. A record's names are data and any JSON is any JSON. */
export function looseIn(schema: unknown, path: readonly string[]): string[] {
  if (schema instanceof z.ZodObject) {
    const inside = Object.entries(schema.shape).flatMap(([name, inner]) => looseIn(inner, [...path, name]));
    return schema.def.catchall instanceof z.ZodNever ? inside : [path.join('.') || 'the body', ...inside];
  }
  if (schema instanceof z.ZodArray) return looseIn(schema.element, [...path, '*']);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option: unknown) => looseIn(option, path));
  if (schema instanceof z.ZodIntersection)
    return [...looseIn(schema.def.left, path), ...looseIn(schema.def.right, path)];
  if (schema instanceof z.ZodTuple) return schema.def.items.flatMap((item: unknown) => looseIn(item, [...path, '*']));
  if (schema instanceof z.ZodRecord) return looseIn(schema.valueType, [...path, '*']);
  if (schema instanceof z.ZodPipe) return looseIn(schema.in, path);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  )
    return looseIn(schema.unwrap(), path);
  return [];
}
