import { z } from '@hono/zod-openapi';
import { readHome } from '../access/home.ts';
import { writeTopic } from '../db/feed.ts';
import { priceIdSchema } from '../http/contract.ts';
import { readCursor, toPage } from '../http/cursors.ts';
import { effect } from '../http/effect.ts';
import { isSeed, type RouteDeps } from '../http/env.ts';
import { idFrom, shown } from '../http/ids.ts';
import { ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { route } from '../http/route.ts';
import {
  answer,
  bodyFailures,
  failures,
  idempotencyHeaders,
  jsonBody,
  keyFailures,
  newRoutes,
  readFailures,
  writeFailures,
} from '../http/route-parts.ts';
import { fieldTexts } from '../http/texts.ts';
import {
  type Price,
  priceListQuerySchema,
  priceListSchema,
  setPricesResultSchema,
  setPricesSchema,
  spendingSchema,
} from './contract.ts';
import { readSpending } from './spending-view.ts';

const list = route(
  { resource: 'accounts', verb: 'list', needs: 'accounts.read' },
  {
    method: 'get',
    path: '/prices',
    summary: 'List what segments cost, by provider and the beginning of numbers',
    request: { query: priceListQuerySchema },
    responses: { 200: answer(priceListSchema, 'A page of prices'), ...failures(...readFailures, 'cursor_invalid') },
  },
);

/** The document's example names a provider that there is. */
const setWith = (example: string) =>
  route(
    {
      resource: 'accounts',
      verb: 'update',
      needs: 'accounts.write',
      audit: { action: 'prices.set', words: 'Set what segments cost' },
    },
    {
      method: 'post',
      path: '/prices',
      summary: 'Set what segments cost, up to 1,000 at once',
      description:
        'In millionths of the workspace’s currency. A price that there is for the same provider and prefix is replaced. Messages that are claimed later are reckoned with it.',
      request: { headers: idempotencyHeaders, body: jsonBody(setPricesSchema(example)) },
      responses: {
        200: answer(setPricesResultSchema, 'The prices as they stand'),
        ...failures(...bodyFailures, ...keyFailures),
      },
    },
  );

const remove = route(
  {
    resource: 'accounts',
    verb: 'delete',
    needs: 'accounts.write',
    audit: { action: 'price.deleted', words: 'Deleted a price' },
  },
  {
    method: 'delete',
    path: '/prices/{price_id}',
    summary: 'Delete a price',
    request: { params: z.object({ price_id: priceIdSchema }), headers: idempotencyHeaders },
    responses: { 204: { description: 'Deleted' }, ...failures(...writeFailures, ...keyFailures, 'not_found') },
  },
);

const spending = route(
  { resource: 'accounts', verb: 'read', needs: 'accounts.read' },
  {
    method: 'get',
    path: '/spending',
    summary: 'Read what is spent, where it goes, and how the limits stand',
    description:
      'What messages are reckoned to cost when they are claimed, set right once one is refused or its provider says what it cost.',
    responses: { 200: answer(spendingSchema, 'What is spent'), ...failures(...readFailures) },
  },
);

const unknownProvider = 'provider_unknown';

type Row = {
  readonly id: string;
  readonly provider: string;
  readonly prefix: string;
  readonly micro_units: string;
  readonly currency: string;
  readonly updated_at: Date;
};

const show = ({ id, updated_at, ...price }: Row): Price => ({
  id: shown('price', id),
  ...price,
  updated_at: updated_at.toISOString(),
});

const columns = ['id', 'provider', 'prefix', 'micro_units', 'currency', 'updated_at'] as const;
const cursorSchema = z.tuple([z.string(), z.string()]);

/** What segments cost: a table that people edit and import. */
export function priceRoutes(deps: RouteDeps & { readonly providers: ReadonlyMap<string, unknown> }) {
  const { ids, notifier } = deps.engine;
  const set = setWith([...deps.providers.keys()][0] ?? 'provider');
  return newRoutes()
    .openapi(spending, async (c) => {
      const now = deps.engine.clock.now();
      return c.json(await reading(c, deps, (scope) => readSpending(scope, now)), 200);
    })
    .openapi(list, async (c) => {
      const { limit, cursor, provider } = c.req.valid('query');
      const after = readCursor(cursor, cursorSchema);
      const rows = await reading(c, deps, ({ tx, workspaceId }) => {
        let query = tx.selectFrom('prices').select(columns).where('workspace_id', '=', workspaceId);
        if (provider !== undefined) query = query.where('provider', '=', provider);
        if (after !== null)
          query = query.where(({ eb, refTuple, tuple }) =>
            eb(refTuple('provider', 'prefix'), '>', tuple(after[0], after[1])),
          );
        return query
          .orderBy('provider')
          .orderBy('prefix')
          .limit(limit + 1)
          .execute();
      });
      return c.json(
        toPage(rows, limit, show, (row) => [row.provider, row.prefix]),
        200,
      );
    })
    .openapi(set, async (c) => {
      const { workspaceId } = c.var.actor;
      const given = new Map(c.req.valid('json').prices.map((price) => [`${price.provider} ${price.prefix}`, price]));
      const errors = c.req
        .valid('json')
        .prices.flatMap(({ provider }, index) =>
          deps.providers.has(provider)
            ? []
            : [{ path: ['prices', index, 'provider'], code: unknownProvider, message: fieldTexts[unknownProvider] }],
        );
      if (errors.length > 0) throw new ProblemError('validation_failed', { errors });
      const isSample = isSeed(c, deps.demo);
      const done = await effect(c, deps, set, setPricesResultSchema, async (work) => {
        const { tx, now: updated_at } = work;
        const { currency } = await readHome(work);
        const rows = [...given.values()].sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
        const stored = await tx
          .insertInto('prices')
          .values(
            rows.map((price) => ({
              ...price,
              workspace_id: workspaceId,
              id: ids.uuid(),
              currency,
              updated_at,
              is_sample: isSample,
            })),
          )
          .onConflict((conflict) =>
            conflict.columns(['workspace_id', 'provider', 'prefix']).doUpdateSet((eb) => ({
              micro_units: eb.ref('excluded.micro_units'),
              currency: eb.ref('excluded.currency'),
              updated_at: eb.ref('excluded.updated_at'),
              is_sample: eb.ref('excluded.is_sample'),
            })),
          )
          .returning(columns)
          .execute();
        await writeTopic(work, { topic: 'prices', ids: [] });
        return {
          body: { data: stored.map(show) },
          subject: null,
          detail: { prices: stored.length },
          after: () => notifier.changed(workspaceId),
        };
      });
      return c.json(done.body, 200, done.headers);
    })
    .openapi(remove, async (c) => {
      const { workspaceId } = c.var.actor;
      const { price_id } = c.req.valid('param');
      const id = idFrom('price', price_id);
      const done = await effect(c, deps, remove, z.null(), async (work) => {
        const gone = await work.tx
          .deleteFrom('prices')
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .returning('id')
          .execute();
        if (gone.length === 0) throw new ProblemError('not_found');
        await writeTopic(work, { topic: 'prices', ids: [price_id] });
        return { body: null, subject: price_id, after: () => notifier.changed(workspaceId) };
      });
      return c.body(null, 204, done.headers);
    });
}
