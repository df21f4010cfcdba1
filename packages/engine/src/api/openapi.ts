import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv } from './env.ts';

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
    description: 'A token from “npx pnpm token”, with scope `read` or `full`.',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: cookieName,
    description: 'A browser’s session. Requests that change something also need the header `x-signalbox: 1`.',
  });
}
