import { z } from '@hono/zod-openapi';
import { configJsonSchema } from '@signalbox/nodes/define/json-schema';
import { pageQuerySchema } from '../http/contract.ts';
import { readCursor, toPage } from '../http/cursors.ts';
import { ProblemError } from '../http/problems.ts';
import { route } from '../http/route.ts';
import { answer, failures, newRoutes, readFailures } from '../http/route-parts.ts';
import { nodeListSchema } from './contract.ts';
import type { FlowServices } from './services.ts';

const nodes = route(
  { resource: 'nodes', verb: 'list', needs: 'nodes.read' },
  {
    method: 'get',
    path: '/nodes',
    summary: 'List the types of steps with the JSON Schema of their configs',
    request: { query: pageQuerySchema },
    responses: {
      200: answer(nodeListSchema, 'A page of the library, by type'),
      ...failures(...readFailures, 'cursor_invalid'),
    },
  },
);

/** The node library, for whoever builds flows elsewhere. */
export function libraryRoutes({ engine }: { readonly engine: Pick<FlowServices, 'nodes'> }) {
  const byType = [...engine.nodes.values()].sort((a, b) => a.type.localeCompare(b.type, 'en'));
  const library = byType.map((node) => ({
    type: node.type,
    version: node.version,
    title: node.title,
    group: node.group,
    icon: node.icon,
    docs: node.docs,
    effect: node.effect,
    config_schema: configJsonSchema(node),
  }));

  return newRoutes().openapi(nodes, (c) => {
    const { limit, cursor } = c.req.valid('query');
    const after = readCursor(cursor, z.tuple([z.string()]))?.[0];
    const start = after === undefined ? 0 : library.findIndex((node) => node.type === after) + 1;
    // A cursor names a type of this library; one that it does not have was never given.
    if (after !== undefined && start === 0) throw new ProblemError('cursor_invalid');
    const rows = library.slice(start, start + limit + 1);
    return c.json(
      toPage(
        rows,
        limit,
        (node) => node,
        (node) => [node.type],
      ),
      200,
    );
  });
}
