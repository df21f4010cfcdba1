import type { OpenAPIHono } from '@hono/zod-openapi';
import { conditionSchema } from '@signalbox/nodes/flow/conditions';
import { z } from 'zod';
import type { ApiEnv } from '../http/env.ts';

/** What the document says of the whole. */
export const apiInfo = {
  openapi: '3.1.0',
  info: {
    title: 'Signalbox API',
    version: '1',
    description:
      'Flows, contacts and conversations over SMS. Changes are additive only; treat enums as open. Lists come in pages: pass `next_cursor` back as `cursor`. Times are RFC 3339 in UTC.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
} as const;

/** Registers the two ways to say who asks. */
export function registerSecurity(app: OpenAPIHono<ApiEnv>, cookieName: string): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'A token from “npx pnpm run token”, with scope `read` or `full`.',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: cookieName,
    description: 'A browser’s session. Requests that change something also need the header `x-signalbox: 1`.',
  });
}

const schemasSchema = z.record(z.string(), z.unknown());
const documentSchema = z.looseObject({ components: z.looseObject({ schemas: schemasSchema }) });

/** Adds the condition language, which the library states in zod, and says where the API takes a condition. */
export function withConditions(document: object): z.infer<typeof documentSchema> {
  const { $schema: _dialect, $defs: definitions = {}, ...condition } = z.toJSONSchema(conditionSchema, { io: 'input' });
  const text = JSON.stringify({ ...definitions, Condition: condition }).replaceAll('#/$defs/', '#/components/schemas/');
  const everyone = {
    type: 'object',
    properties: { all: { type: 'array', maxItems: 0 } },
    required: ['all'],
    additionalProperties: false,
  };
  const described: unknown = JSON.parse(JSON.stringify(document), (key, value: unknown) =>
    key === 'condition' && typeof value === 'object' && value !== null && 'description' in value
      ? { description: value.description, anyOf: [{ $ref: '#/components/schemas/Condition' }, everyone] }
      : value,
  );
  const parsed = documentSchema.parse(described);
  return {
    ...parsed,
    components: {
      ...parsed.components,
      schemas: { ...parsed.components.schemas, ...schemasSchema.parse(JSON.parse(text)) },
    },
  };
}
