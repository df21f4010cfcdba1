import { OpenAPIHono, z } from '@hono/zod-openapi';
import { describeIssue } from '@signalbox/nodes/flow/describe-issue';
import { problemSchema } from './contract.ts';
import type { ApiEnv } from './env.ts';
import { toEntries } from './field-errors.ts';
import { type ProblemCode, ProblemError, problemTable } from './problems.ts';

// Forms show these messages at their fields; the routes' validation takes no setting of its own.
z.config({ customError: describeIssue });

/** An empty set of routes whose failed validations become problems. */
export function newRoutes(): OpenAPIHono<ApiEnv> {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return undefined;
      // An address with an id that cannot exist names nothing.
      if (result.target === 'param') throw new ProblemError('not_found');
      throw new ProblemError('validation_failed', { errors: result.error.issues.flatMap(toEntries) });
    },
  });
}

type Status<C extends ProblemCode> = (typeof problemTable)[C]['status'];
type ProblemAnswer = {
  readonly description: string;
  readonly content: { readonly 'application/problem+json': { readonly schema: typeof problemSchema } };
};

/** The documented refusals of a route, by status; each names its codes. */
export function failures<const C extends ProblemCode>(
  ...codes: readonly C[]
): { readonly [S in Status<C>]: ProblemAnswer } {
  const byStatus = Map.groupBy(new Set<ProblemCode>(codes), (code) => problemTable[code].status);
  const answers = [...byStatus].map(([status, group]) => [
    status,
    {
      description: group.map((code) => `\`${code}\`: ${problemTable[code].title}`).join('; '),
      content: { 'application/problem+json': { schema: problemSchema } },
    },
  ]);
  // Object.fromEntries forgets its keys: they are exactly the statuses of the codes.
  return Object.fromEntries(answers) as { readonly [S in Status<C>]: ProblemAnswer };
}

/** Refusals of every route that reads. */
export const readFailures = ['unauthenticated', 'validation_failed'] as const;
/** Refusals of every route that changes something. */
export const writeFailures = [
  'unauthenticated',
  'read_only',
  'cross_site',
  'validation_failed',
  'malformed_json',
  'body_too_large',
] as const;
/** Refusals of every route that takes a document. */
export const bodyFailures = [...writeFailures, 'content_type'] as const;
/** Refusals of every route that takes an Idempotency-Key. */
export const keyFailures = ['idempotency_key_reused', 'idempotency_in_progress'] as const;

/** A successful answer that carries a document. */
export function answer<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** As `answer`, with the document's revision in the ETag. */
export function answerWithTag<S extends z.ZodType>(schema: S, description: string) {
  return {
    ...answer(schema, description),
    headers: z.object({ etag: z.string().openapi({ description: 'The revision, for If-Match.', example: '"3"' }) }),
  };
}

/** A required JSON body. */
export function jsonBody<S extends z.ZodType>(schema: S) {
  return { content: { 'application/json': { schema } }, required: true } as const;
}

export const idempotencyHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/)
    .optional()
    .openapi({
      description:
        'Kept for 24 hours: a repeat with the same key and body gets the same answer and has no further effect.',
    }),
});

export const matchHeaders = z.object({
  'if-match': z
    .string()
    .max(100)
    .optional()
    .openapi({ description: 'The ETag of the document the change was made to. Required.', example: '"3"' }),
});
