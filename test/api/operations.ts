import { z } from 'zod';

const anySchema = z.record(z.string(), z.unknown());
export type Json = z.infer<typeof anySchema>;

const parameterSchema = z.looseObject({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().default(false),
  schema: anySchema,
});
const contentSchema = z.record(z.string(), z.looseObject({ schema: anySchema }));
const operationSchema = z.looseObject({
  parameters: z.array(parameterSchema).default([]),
  requestBody: z.looseObject({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: contentSchema.optional() })),
});
const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), anySchema) }),
});

export type Operation = z.infer<typeof operationSchema> & { readonly method: string; readonly path: string };

/** The operations of an OpenAPI document. */
export function operationsOf(document: unknown): Operation[] {
  const { paths } = documentSchema.parse(document);
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
}

/** The document's named schemas. */
export function schemasOf(document: unknown): Record<string, Json> {
  return documentSchema.parse(document).components.schemas;
}
