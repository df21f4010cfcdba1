import { randomBytes } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { Updateable } from 'kysely';
import { writeTopic } from '../db/feed.ts';
import type { AccountsTable } from '../db/schema.ts';
import type { Work } from '../db/work.ts';
import { accountIdSchema, senderIdSchema } from '../http/contract.ts';
import { changedDocument, type Effect, effect } from '../http/effect.ts';
import { toEntries, unknownField } from '../http/field-errors.ts';
import { idFrom } from '../http/ids.ts';
import { fieldProblem, ProblemError } from '../http/problems.ts';
import { reading } from '../http/reading.ts';
import { showReason } from '../http/reasons.ts';
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
  writeFailures,
} from '../http/route-parts.ts';
import { refuseTaken } from '../http/taken.ts';
import { fieldTexts } from '../http/texts.ts';
import { balanceLow } from '../notices/balance-low.ts';
import { providerCredentialsRefused } from '../notices/provider-credentials-refused.ts';
import { resolveNotices } from '../notices/store.ts';
import type { Provider } from '../providers/provider.ts';
import type { AccountDeps } from './account-deps.ts';
import {
  type Account,
  accountCheckSchema,
  accountSchema,
  addSenderSchema,
  type UpdateAccount,
  updateAccountSchema,
} from './contract.ts';
import { type Credentials, externalIdOf, optionsOf, readCredentials, writeCredentials } from './credentials.ts';
import { requireSender } from './require-sender.ts';
import { type AccountRow, readAccounts, showAccount } from './stored-accounts.ts';
import { loginPlace, readNetwork, type WebhookLogin } from './webhook-guard.ts';

const params = z.object({ account_id: accountIdSchema });
const matched = matchHeaders.extend(idempotencyHeaders.shape);
const changeFailures = [...bodyFailures, ...keyFailures, 'not_found', 'revision_required', 'stale'] as const;

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
    audit: { action: 'account.updated', words: 'Changed an account at a provider' },
  },
  {
    method: 'patch',
    path: '/accounts/{account_id}',
    summary:
      'Change an account: its name, who answers STOP, START and HELP, its credentials, when to warn of what is left',
    description:
      'What new credentials replace is believed for a day more, so that nothing is lost between the change here and at the provider.',
    request: { params, headers: matched, body: jsonBody(updateAccountSchema) },
    responses: {
      200: answerWithTag(accountSchema, 'The account'),
      ...failures(...changeFailures, 'addresses_are_signed', 'provider_missing'),
    },
  },
);

const check = route(
  { resource: 'accounts', verb: 'check', needs: 'accounts.write', audit: 'nothing changes' },
  {
    method: 'post',
    path: '/accounts/{account_id}/check',
    summary: 'Ask the provider whether the account works, and what is left in it',
    description: 'Sends nothing to anybody and changes nothing.',
    request: { params },
    responses: { 200: answer(accountCheckSchema, 'What it said'), ...failures(...writeFailures, 'not_found') },
  },
);

const newAddress = route(
  {
    resource: 'accounts',
    verb: 'update',
    needs: 'accounts.write',
    audit: { action: 'account.address_changed', words: 'Gave an account new addresses for its webhooks' },
  },
  {
    method: 'post',
    path: '/accounts/{account_id}/new-address',
    summary: 'Give an account new addresses for its webhooks',
    description:
      'Only where the provider signs nothing: the addresses are then the secret. The old ones stop working at once; enter the new ones at the provider.',
    request: { params, headers: matched },
    responses: {
      200: answerWithTag(accountSchema, 'The account with its new addresses'),
      ...failures(...writeFailures, ...keyFailures, 'not_found', 'revision_required', 'stale', 'addresses_are_signed'),
    },
  },
);

const addSender = route(
  {
    resource: 'accounts',
    verb: 'update',
    needs: 'accounts.write',
    audit: { action: 'sender.added', words: 'Added a sender to an account' },
  },
  {
    method: 'post',
    path: '/accounts/{account_id}/senders',
    summary: 'Add a number or name to send from',
    request: { params, headers: matched, body: jsonBody(addSenderSchema) },
    responses: { 200: answerWithTag(accountSchema, 'The account'), ...failures(...changeFailures, 'sender_taken') },
  },
);

const removeSender = route(
  {
    resource: 'accounts',
    verb: 'update',
    needs: 'accounts.write',
    audit: { action: 'sender.removed', words: 'Removed a sender from an account' },
  },
  {
    method: 'delete',
    path: '/accounts/{account_id}/senders/{sender_id}',
    summary: 'Remove a number or name to send from',
    description: 'Texts that are queued from it still go out. The last sender of an account stays.',
    request: { params: params.extend({ sender_id: senderIdSchema }), headers: matched },
    responses: {
      200: answerWithTag(accountSchema, 'The account'),
      ...failures(...writeFailures, ...keyFailures, 'not_found', 'revision_required', 'stale', 'last_sender'),
    },
  },
);

/** Milliseconds within which a provider must say whether an account works. */
const checkMs = 8_000;
/** What credentials were replaced is believed for so long. */
const overlapMs = 86_400_000;

/**
 * An account's fields with those that are given in the place of what was there.
 *
 * @throws ProblemError at the fields that do not fit.
 */
function changedCredentials(provider: Provider, before: Credentials, given: Credentials): Credentials {
  const shape = provider.account.fields.shape;
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(shape, name));
  if (unknown.length > 0)
    throw new ProblemError('validation_failed', { errors: unknown.map((name) => unknownField(['fields'], name)) });
  const parsed = provider.account.fields.safeParse({ ...before, ...given });
  if (!parsed.success) {
    const errors = parsed.error.issues
      .flatMap(toEntries)
      .map((entry) => ({ ...entry, path: ['fields', ...entry.path] }));
    throw new ProblemError('validation_failed', { errors });
  }
  return Object.fromEntries(Object.entries(parsed.data).map(([name, value]) => [name, String(value)]));
}

/** One account at its provider. */
export function oneAccountRoutes(deps: AccountDeps) {
  const { accounts, ids, clock } = deps.engine;
  const providerOf = (row: AccountRow): Provider => {
    const provider = deps.providers.get(row.provider);
    if (provider === undefined) throw new ProblemError('provider_missing');
    return provider;
  };

  /** Locks an account, checks the revision, lets `change` have it, and tells of it as it is then. */
  const changing = async (
    work: Work,
    id: string,
    ifMatch: string | undefined,
    change: (row: AccountRow) => Promise<void>,
  ): Promise<Effect<Account>> => {
    const { tx, workspaceId } = work;
    // Of two who change it at once, the second waits here and then sees what the first did.
    await tx
      .selectFrom('accounts')
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .forNoKeyUpdate()
      .execute();
    const [row] = await readAccounts(work, { id, limit: 1 });
    if (row === undefined) throw new ProblemError('not_found');
    const current = showAccount(row, workspaceId, deps);
    requireMatch(ifMatch, current.revision, () => current);
    await change(row);
    const [now] = await readAccounts(work, { id, limit: 1 });
    if (now === undefined) throw new Error('The account just changed is gone.');
    await writeTopic(work, { topic: 'accounts', ids: [current.id] });
    const changed = changedDocument(deps, work, showAccount(now, workspaceId, deps));
    const after = async () => {
      await changed.after?.();
      accounts.forget(id);
      await deps.onAccountChanged({ workspaceId, accountId: id, baseUrl: row.base_url });
    };
    return { ...changed, after };
  };
  const store = ({ tx, workspaceId }: Work, id: string, values: Updateable<AccountsTable>) =>
    tx.updateTable('accounts').set(values).where('workspace_id', '=', workspaceId).where('id', '=', id).execute();

  /** What is stored of what webhooks must bring. @throws ProblemError where the provider signs, and at a network that is none. */
  const guardValues = (
    row: AccountRow,
    workspaceId: string,
    { login, networks }: NonNullable<UpdateAccount['webhooks']>,
  ): Updateable<AccountsTable> => {
    if (row.webhook_key === null) throw new ProblemError('addresses_are_signed');
    const read = networks?.map((network, index) => {
      const known = readNetwork(network);
      if (known !== null) return known;
      throw fieldProblem(['webhooks', 'networks', index], 'network_invalid', fieldTexts.network_invalid);
    });
    const sealed = (given: WebhookLogin): Buffer =>
      deps.box.seal(workspaceId, loginPlace(row.id), JSON.stringify(given));
    return {
      ...(login === undefined ? {} : { webhook_login: login === null ? null : sealed(login) }),
      ...(read === undefined ? {} : { webhook_networks: read }),
    };
  };

  return newRoutes()
    .openapi(read, async (c) => {
      const { workspaceId } = c.var.actor;
      const id = idFrom('account', c.req.valid('param').account_id);
      const [row] = await reading(c, deps, (scope) => readAccounts(scope, { id, limit: 1 }));
      if (row === undefined) throw new ProblemError('not_found');
      const body = showAccount(row, workspaceId, deps);
      return c.json(body, 200, { etag: tagOf(body.revision) });
    })
    .openapi(update, async (c) => {
      const { account_id } = c.req.valid('param');
      const id = idFrom('account', account_id);
      const { fields, name, brand, opt_out_handling, webhooks, warn_below } = c.req.valid('json');
      const plain = Object.entries({ name, brand, opt_out_handling }).filter(([, value]) => value !== undefined);
      const done = await effect(c, deps, update, accountSchema, (work) =>
        changing(work, id, c.req.header('if-match'), async (row) => {
          const { workspaceId, now } = work;
          if (plain.length > 0) await store(work, id, Object.fromEntries(plain));
          if (warn_below !== undefined && warn_below !== row.warn_below) {
            await store(work, id, { warn_below, balance_due_at: now });
            await resolveNotices(work, balanceLow, [account_id]);
          }
          if (webhooks !== undefined) await store(work, id, guardValues(row, workspaceId, webhooks));
          if (fields === undefined) return;
          const provider = providerOf(row);
          const before = readCredentials(provider, row.external_id, deps.box.open(workspaceId, id, row.secret));
          const credentials = changedCredentials(provider, before, fields);
          await store(work, id, {
            external_id: externalIdOf(provider, credentials),
            options: optionsOf(provider, credentials),
            secret: deps.box.seal(workspaceId, id, writeCredentials(credentials)),
            previous_secret: row.secret,
            previous_until: new Date(now.getTime() + overlapMs),
          });
          await resolveNotices(work, providerCredentialsRefused, [account_id]);
        }),
      );
      return c.json(done.body, 200, done.headers);
    })
    .openapi(check, async (c) => {
      const { workspaceId } = c.var.actor;
      const id = idFrom('account', c.req.valid('param').account_id);
      const [row] = await reading(c, deps, (scope) => readAccounts(scope, { id, limit: 1 }));
      if (row === undefined) throw new ProblemError('not_found');
      providerOf(row);
      const { connection } = await accounts.get(workspaceId, id);
      const checked = await connection.check(checkMs);
      const reason = checked.ok
        ? null
        : showReason({ code: `provider_${checked.errorClass}`, values: { provider_code: checked.code } });
      const balance = checked.ok ? checked.balance : null;
      return c.json(
        {
          ok: checked.ok,
          balance: balance === null ? null : { micro_units: String(balance.microUnits), currency: balance.currency },
          reason: reason === null ? null : { code: reason.code, text: reason.text },
          checked_at: clock.now().toISOString(),
        },
        200,
      );
    })
    .openapi(newAddress, async (c) => {
      const id = idFrom('account', c.req.valid('param').account_id);
      const done = await effect(c, deps, newAddress, accountSchema, (work) =>
        changing(work, id, c.req.header('if-match'), async (row) => {
          if (row.webhook_key === null) throw new ProblemError('addresses_are_signed');
          await store(work, id, { webhook_key: newWebhookKey() });
        }),
      );
      return c.json(done.body, 200, done.headers);
    })
    .openapi(addSender, async (c) => {
      const id = idFrom('account', c.req.valid('param').account_id);
      const given = c.req.valid('json');
      const done = await effect(c, deps, addSender, accountSchema, (work) =>
        changing(work, id, c.req.header('if-match'), async (row) => {
          const { tx, workspaceId, now } = work;
          const { address, kind } = requireSender(given, [], providerOf(row));
          await tx
            .insertInto('senders')
            .values({ workspace_id: workspaceId, id: ids.uuid(), account_id: id, address, kind, created_at: now })
            .execute();
        }),
      ).catch(refuseTaken('sender_taken'));
      return c.json(done.body, 200, done.headers);
    })
    .openapi(removeSender, async (c) => {
      const { account_id, sender_id } = c.req.valid('param');
      const id = idFrom('account', account_id);
      const senderId = idFrom('sender', sender_id);
      const done = await effect(c, deps, removeSender, accountSchema, (work) =>
        changing(work, id, c.req.header('if-match'), async ({ senders }) => {
          if (!senders.some((sender) => sender.id === senderId)) throw new ProblemError('not_found');
          if (senders.length === 1) throw new ProblemError('last_sender');
          const { tx, workspaceId } = work;
          await tx.deleteFrom('senders').where('workspace_id', '=', workspaceId).where('id', '=', senderId).execute();
        }),
      );
      return c.json(done.body, 200, done.headers);
    });
}

/** The part of an account's webhook addresses that nobody can guess: 192 bits. */
export function newWebhookKey(): string {
  return randomBytes(24).toString('base64url');
}
