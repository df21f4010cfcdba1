import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { formatMessage } from '@signalbox/nodes/text/format-message';
import { parseSenderNumber } from '@signalbox/nodes/text/phone-number';
import { writeTopic } from '../db/feed.ts';
import type { Scope } from '../db/work.ts';
import { accountIdSchema, pageQuerySchema } from '../http/contract.ts';
import { idCursor, readCursor, toPage } from '../http/cursors.ts';
import { changedDocument, effect } from '../http/effect.ts';
import { isSeed, type RouteDeps } from '../http/env.ts';
import { idFrom, shown } from '../http/ids.ts';
import { jsonSchemaOf } from '../http/json-schema-of.ts';
import { fieldProblem, ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { requireMatch, tagOf } from '../http/revisions.ts';
import { route } from '../http/route.ts';
import {
  answer,
  answerWithTag,
  bodyFailures,
  failures,
  idempotencyHeaders,
  jsonBody,
  keyFailures,
  matchHeaders,
  newRoutes,
  readFailures,
} from '../http/route-parts.ts';
import { refuseTaken } from '../http/taken.ts';
import { type FieldCode, fieldTexts } from '../http/texts.ts';
import type { Provider, SenderKind } from '../providers/provider.ts';
import {
  accountListSchema,
  accountSchema,
  createAccountSchema,
  providerListSchema,
  type providerSchema,
  updateAccountSchema,
} from './contract.ts';
import { type Credentials, readCredentials, shownFields, writeCredentials } from './credentials.ts';
import type { SecretBox } from './secret-box.ts';
import type { AccountStore } from './store.ts';

const params = z.object({ account_id: accountIdSchema });

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

const read = route(
  { resource: 'accounts', verb: 'read', needs: 'accounts.read' },
  {
    method: 'get',
    path: '/accounts/{account_id}',
    summary: 'Read an account',
    request: { params },
    responses: { 200: answerWithTag(accountSchema, 'The account'), ...failures(...readFailures, 'not_found') },
  },
);

const update = route(
  {
    resource: 'accounts',
    verb: 'update',
    needs: 'accounts.write',
    audit: { action: 'account.updated', words: 'Changed who answers STOP, START and HELP' },
  },
  {
    method: 'patch',
    path: '/accounts/{account_id}',
    summary: 'Say who answers STOP, START and HELP',
    request: { params, headers: matchHeaders.extend(idempotencyHeaders.shape), body: jsonBody(updateAccountSchema) },
    responses: {
      200: answerWithTag(accountSchema, 'The account'),
      ...failures(...bodyFailures, ...keyFailures, 'not_found', 'revision_required', 'stale'),
    },
  },
);

type AccountRow = {
  id: string;
  provider: string;
  name: string;
  external_id: string;
  base_url: string;
  opt_out_handling: string;
  secret: Buffer;
  created_at: Date;
  senders: Array<{ address: string; kind: string }>;
};

async function readAccounts(
  work: Scope,
  query: { id?: string; before?: string | null; limit: number },
): Promise<AccountRow[]> {
  const { tx, workspaceId } = work;
  let rows = tx
    .selectFrom('accounts')
    .select(['id', 'provider', 'name', 'external_id', 'base_url', 'opt_out_handling', 'secret', 'created_at'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('id', 'desc')
    .limit(query.limit);
  if (query.id !== undefined) rows = rows.where('id', '=', query.id);
  if (query.before !== null && query.before !== undefined) rows = rows.where('id', '<', query.before);
  const accounts = await rows.execute();
  const senders = await tx
    .selectFrom('senders')
    .select(['account_id', 'address', 'kind'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  const byAccount = Map.groupBy(senders, (sender) => sender.account_id);
  return accounts.map((account) => ({
    ...account,
    senders: (byAccount.get(account.id) ?? []).map(({ address, kind }) => ({ address, kind })),
  }));
}

/** The provider's own fields among those of a request, which fit its schema. */
function credentialsOf(provider: Provider, input: Readonly<Record<string, unknown>>): Credentials {
  const given = provider.account.fields.parse(
    Object.fromEntries(Object.keys(provider.account.fields.shape).map((name) => [name, input[name]])),
  );
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
}

function showProvider(provider: Provider): z.infer<typeof providerSchema> {
  const { type, title, baseUrl, account, senders, capabilities, limits } = provider;
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
    },
    limits: { text_length: limits.textLength },
  };
}

/** What of the credentials may be shown; nothing where they cannot be opened. */
function openedFields(row: AccountRow, workspaceId: string, deps: AccountDeps): Record<string, string> {
  const provider = deps.providers.get(row.provider);
  if (provider === undefined) return {};
  const opened = deps.box.open(workspaceId, row.id, row.secret);
  return shownFields(provider, readCredentials(provider, row.external_id, opened));
}

function showAccount(
  row: AccountRow,
  publicUrl: string,
  fields: Record<string, string>,
): z.infer<typeof accountSchema> {
  const account = {
    id: shown('account', row.id),
    provider: row.provider,
    name: row.name,
    external_id: row.external_id,
    fields,
    base_url: row.base_url,
    opt_out_handling: row.opt_out_handling === 'carrier' ? ('carrier' as const) : ('signalbox' as const),
    senders: row.senders,
    webhook_url: `${publicUrl}/webhooks/${row.provider}/${row.id}/sms`,
    created_at: row.created_at.toISOString(),
  };
  return { ...account, revision: createHash('sha256').update(JSON.stringify(account)).digest('hex').slice(0, 16) };
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

/** 1 to 11 letters, digits and blanks that every phone shows, not all of them digits. */
const senderName = /^(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9 ]{0,9}[A-Za-z0-9])?$/;

type Sender = { readonly address: string; readonly kind: SenderKind };

/** The sender as it is stored. @throws ProblemError at its field where the provider offers no such kind, or its address is none. */
function requireSender({ address, kind }: Sender, index: number, { title, senders }: Provider): Sender {
  if (!senders.includes(kind)) {
    const kinds = senders.join(', ');
    const message = formatMessage(fieldTexts.sender_kind_unfit, { provider: title, kinds });
    throw fieldProblem(['senders', index, 'kind'], 'sender_kind_unfit', message);
  }
  const refuse = (code: FieldCode) => fieldProblem(['senders', index, 'address'], code, fieldTexts[code]);
  if (kind === 'alphanumeric') {
    if (senderName.test(address)) return { address, kind };
    throw refuse('sender_name_invalid');
  }
  if (kind === 'short_code') {
    if (/^\d{3,8}$/.test(address)) return { address, kind };
    throw refuse('sender_invalid');
  }
  const parsed = parseSenderNumber(address);
  if (!parsed.ok) throw refuse('sender_invalid');
  return { address: parsed.e164, kind };
}

type AccountDeps = RouteDeps<{ readonly accounts: AccountStore }> & {
  readonly box: SecretBox;
  readonly providers: ReadonlyMap<string, Provider>;
  /** Called after an account was changed: whoever keeps a copy of it follows. */
  readonly onAccountChanged: (account: AccountChange) => Promise<void>;
};

export type AccountChange = { readonly workspaceId: string; readonly accountId: string; readonly baseUrl: string };

/** Accounts at providers and their senders. */
export function accountRoutes(deps: AccountDeps) {
  const { ids, publicUrl, accounts } = deps.engine;
  const show = (workspaceId: string, row: AccountRow) =>
    showAccount(row, publicUrl, openedFields(row, workspaceId, deps));
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
      const credentials = credentialsOf(provider, input);
      const baseUrl = requireBaseUrl(input.base_url, provider, deps.demo !== null);
      const senders = new Map(
        input.senders.map((given, index) => {
          const { address, kind } = requireSender(given, index, provider);
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
            external_id: credentials[provider.account.identity] ?? '',
            base_url: baseUrl,
            secret: deps.box.seal(workspaceId, id, writeCredentials(credentials)),
            opt_out_handling: input.opt_out_handling,
            brand: input.brand,
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
        return { ...changedDocument(deps, work, body), detail: { provider: input.provider } };
      }).catch(refuseTaken('sender_taken'));
      return c.json(done.body, 201, done.headers);
    })
    .openapi(read, async (c) => {
      const { workspaceId } = c.var.actor;
      const id = idFrom('account', c.req.valid('param').account_id);
      const [row] = await reading(c, deps, (scope) => readAccounts(scope, { id, limit: 1 }));
      if (row === undefined) throw new ProblemError('not_found');
      const body = show(workspaceId, row);
      return c.json(body, 200, { etag: tagOf(body.revision) });
    })
    .openapi(update, async (c) => {
      const { workspaceId } = c.var.actor;
      const id = idFrom('account', c.req.valid('param').account_id);
      const { opt_out_handling } = c.req.valid('json');
      const done = await effect(c, deps, update, accountSchema, async (work) => {
        const { tx } = work;
        // Of two who change it at once, the second waits here and then sees what the first did.
        await tx
          .selectFrom('accounts')
          .select('id')
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .forNoKeyUpdate()
          .execute();
        const [known] = await readAccounts(work, { id, limit: 1 });
        if (known === undefined) throw new ProblemError('not_found');
        const current = show(workspaceId, known);
        requireMatch(c.req.header('if-match'), current.revision, () => current);
        await tx
          .updateTable('accounts')
          .set({ opt_out_handling })
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .execute();
        await writeTopic(work, { topic: 'accounts', ids: [current.id] });
        const body = show(workspaceId, { ...known, opt_out_handling });
        const changed = changedDocument(deps, work, body);
        const after = async () => {
          await changed.after?.();
          accounts.forget(id);
          await deps.onAccountChanged({ workspaceId, accountId: id, baseUrl: known.base_url });
        };
        return { ...changed, after };
      });
      return c.json(done.body, 200, done.headers);
    });
}
