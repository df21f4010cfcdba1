import type { z } from '@hono/zod-openapi';
import { writeTopic } from '../db/feed.ts';
import { pageQuerySchema } from '../http/contract.ts';
import { idCursor, readCursor, toPage } from '../http/cursors.ts';
import { changedDocument, effect } from '../http/effect.ts';
import { isSeed } from '../http/env.ts';
import { jsonSchemaOf } from '../http/json-schema-of.ts';
import { fieldProblem } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { route } from '../http/route.ts';
import {
  answer,
  answerWithTag,
  bodyFailures,
  failures,
  idempotencyHeaders,
  jsonBody,
  keyFailures,
  newRoutes,
  readFailures,
} from '../http/route-parts.ts';
import { refuseTaken } from '../http/taken.ts';
import { fieldTexts } from '../http/texts.ts';
import type { Provider } from '../providers/provider.ts';
import type { AccountDeps } from './account-deps.ts';
import { newWebhookKey } from './account-routes.ts';
import {
  accountListSchema,
  accountSchema,
  createAccountSchema,
  providerListSchema,
  type providerSchema,
} from './contract.ts';
import { externalIdOf, givenCredentials, optionsOf, writeCredentials } from './credentials.ts';
import { requireSender } from './require-sender.ts';
import { type AccountRow, readAccounts, showAccount } from './stored-accounts.ts';

const list = route(
  { resource: 'accounts', verb: 'list', needs: 'accounts.read' },
  {
    method: 'get',
    path: '/accounts',
    summary: 'List accounts at providers',
    request: { query: pageQuerySchema },
    responses: { 200: answer(accountListSchema, 'A page of accounts'), ...failures(...readFailures, 'cursor_invalid') },
  },
);

const listProviders = route(
  { resource: 'accounts', verb: 'list', needs: 'accounts.read' },
  {
    method: 'get',
    path: '/providers',
    summary: 'List the providers that an account can be at, with the fields that connect one',
    responses: { 200: answer(providerListSchema, 'Every provider'), ...failures(...readFailures) },
  },
);

/** Adding an account takes the fields of its provider: the route is made of those that there are. */
const createWith = (providers: Iterable<Provider>) =>
  route(
    {
      resource: 'accounts',
      verb: 'create',
      needs: 'accounts.write',
      audit: { action: 'account.created', words: 'Added an account at a provider' },
    },
    {
      method: 'post',
      path: '/accounts',
      summary: 'Add an account at a provider',
      description: 'Enter the answer’s webhook_url at the provider for each of the numbers.',
      request: { headers: idempotencyHeaders, body: jsonBody(createAccountSchema(providers)) },
      responses: {
        201: answerWithTag(accountSchema, 'The account; its secret is never returned'),
        ...failures(...bodyFailures, ...keyFailures, 'sender_taken'),
      },
    },
  );

function showProvider(provider: Provider): z.infer<typeof providerSchema> {
  const { type, title, baseUrl, account, senders, capabilities, limits, unverified } = provider;
  return {
    type,
    title,
    base_url: baseUrl,
    fields_schema: jsonSchemaOf(account.fields),
    secrets: [...account.secrets],
    senders: [...senders],
    capabilities: {
      media: capabilities.media,
      signed: capabilities.signed,
      answers_opt_outs: capabilities.answersOptOuts,
      polls: capabilities.polls,
    },
    limits: { text_length: limits.textLength.gsm7, text_length_ucs2: limits.textLength.ucs2 },
    unverified: unverified ?? null,
  };
}

/** Where credentials may be sent: the provider itself, or in demo mode this machine. @throws ProblemError at `base_url`. */
function requireBaseUrl(given: string | undefined, provider: Provider, isDemo: boolean): string {
  if (given === undefined) return provider.baseUrl;
  const url = new URL(given);
  if (url.origin === provider.baseUrl) return provider.baseUrl;
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  const plain =
    url.protocol === 'http:' &&
    url.username === '' &&
    url.password === '' &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '';
  if (!isDemo || !loopback || !plain) throw fieldProblem(['base_url'], 'base_url_refused', fieldTexts.base_url_refused);
  return url.origin;
}

/** Accounts at providers and their senders. */
export function accountRoutes(deps: AccountDeps) {
  const { ids } = deps.engine;
  const show = (workspaceId: string, row: AccountRow) => showAccount(row, workspaceId, deps);
  const requireProvider = (type: string): Provider => {
    const provider = deps.providers.get(type);
    // The request's schema knows their types alone.
    if (provider === undefined) throw new Error(`There is no provider ${type}.`);
    return provider;
  };
  const create = createWith(deps.providers.values());
  const listed = [...deps.providers.values()].sort((a, b) => (a.type < b.type ? -1 : 1)).map(showProvider);

  return newRoutes()
    .openapi(listProviders, (c) => c.json({ data: listed, next_cursor: null }, 200))
    .openapi(list, async (c) => {
      const { workspaceId } = c.var.actor;
      const { limit, cursor } = c.req.valid('query');
      const before = readCursor(cursor, idCursor)?.[0] ?? null;
      const rows = await reading(c, deps, (scope) => readAccounts(scope, { before, limit: limit + 1 }));
      return c.json(
        toPage(
          rows,
          limit,
          (row) => show(workspaceId, row),
          (row) => [row.id],
        ),
        200,
      );
    })
    .openapi(create, async (c) => {
      const { workspaceId } = c.var.actor;
      const input = c.req.valid('json');
      const provider = requireProvider(input.provider);
      const credentials = givenCredentials(provider, input);
      const baseUrl = requireBaseUrl(input.base_url, provider, deps.demo !== null);
      const senders = new Map(
        input.senders.map((given, index) => {
          const { address, kind } = requireSender(given, ['senders', index], provider);
          return [address, kind];
        }),
      );
      const isSample = isSeed(c, deps.demo);
      const done = await effect(c, deps, create, accountSchema, async (work) => {
        const { tx, now } = work;
        const id = ids.uuid();
        await tx
          .insertInto('accounts')
          .values({
            workspace_id: workspaceId,
            id,
            provider: input.provider,
            name: input.name,
            external_id: externalIdOf(provider, credentials),
            options: optionsOf(provider, credentials),
            base_url: baseUrl,
            secret: deps.box.seal(workspaceId, id, writeCredentials(credentials)),
            opt_out_handling: input.opt_out_handling,
            brand: input.brand,
            webhook_key: provider.capabilities.signed ? null : newWebhookKey(),
            is_sample: isSample,
            created_at: now,
          })
          .execute();
        await tx
          .insertInto('senders')
          .values(
            [...senders].map(([address, kind]) => ({
              workspace_id: workspaceId,
              id: ids.uuid(),
              account_id: id,
              address,
              kind,
              created_at: now,
            })),
          )
          .execute();
        const [row] = await readAccounts(work, { id, limit: 1 });
        if (row === undefined) throw new Error('The account just stored is gone.');
        const body = show(workspaceId, row);
        await writeTopic(work, { topic: 'accounts', ids: [body.id] });
        const changed = changedDocument(deps, work, body);
        const after = async () => {
          await changed.after?.();
          await deps.onAccountChanged({ workspaceId, accountId: id, baseUrl });
        };
        return { ...changed, detail: { provider: input.provider }, after };
      }).catch(refuseTaken('sender_taken'));
      return c.json(done.body, 201, done.headers);
    });
}
