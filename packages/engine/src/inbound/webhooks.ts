import type { IncomingMessage, ServerResponse } from 'node:http';
import { cleanText } from '@signalbox/nodes/text/clean-text';
import type { Account, AccountStore } from '../accounts/store.ts';
import { passesGuard } from '../accounts/webhook-guard.ts';
import { inWorkspace, through } from '../db/database.ts';
import { clientAddress } from '../http/client-address.ts';
import { sameText } from '../providers/outcomes.ts';
import type { ProviderEvent, WebhookRequest } from '../providers/provider.ts';
import { createToldEvents, isUuid } from './told-events.ts';
import type { CommitEngine } from './webhook-commits.ts';

const mostBody = 64 * 1_024;
/** Some providers call by GET; each says which of the two. */
const knownMethods: ReadonlySet<string> = new Set(['GET', 'POST']);
/** With one part more, of an account whose provider signs nothing. */
const route = /^\/webhooks\/([^/?]+)\/([^/?]+)(?:\/([\w-]+))?\/(sms|status)$/;
/** A provider that signs nothing is asked itself about what it told, within this. */
const confirmMs = 5_000;

export type WebhookEngine = CommitEngine & {
  readonly accounts: AccountStore;
};

/** What one answered webhook leaves for whoever counts. */
export type ObservedWebhook = {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
};

/** Answers a request below `/webhooks/`; false leaves it to others. */
export type WebhookHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

type Answer = { readonly status: number; readonly contentType: string; readonly body: string };

const plain = (status: number, body: string): Answer => ({ status, contentType: 'text/plain; charset=utf-8', body });

/**
 * Webhooks of providers: verified over the configured public URL and the raw bytes, fail closed; stored and acted on in one
 * transaction per workspace and moment; acknowledged after the commit. What is authentic and not understood is kept for a person.
 * Written against node:http because a campaign's receipts come here by the thousand.
 */
export function createWebhooks(
  engine: WebhookEngine,
  onRequest: (observed: ObservedWebhook) => void = () => undefined,
  { trustedProxies = 0 }: { readonly trustedProxies?: number } = {},
): WebhookHandler {
  const committing = { ...engine, db: through(engine.db, 'webhooks') };
  const take = createToldEvents(committing);
  const publicUrl = engine.publicUrl;

  const answer = async (request: IncomingMessage, target: Target): Promise<Answer> => {
    const { accountId } = target;
    const method = request.method ?? '';
    if (!knownMethods.has(method)) return refuseUnread(request, plain(405, 'Webhooks do not come by this method.'));
    const workspaceId = isUuid(accountId) ? await engine.accounts.workspaceOf(accountId) : null;
    if (workspaceId === null) return refuseUnread(request, plain(404, 'No such webhook.'));
    const rawBytes = await readBody(request);
    if (rawBytes === null) return refuseUnread(request, plain(413, 'The body is too large.'));
    const account = await engine.accounts.get(workspaceId, accountId);
    const { provider, connection } = account;
    if (provider.type !== target.provider || !keyFits(account, target)) {
      if (account.webhookKey !== null) refused(account, target, 'a webhook to an address with a wrong key was refused');
      return plain(404, 'No such webhook.');
    }
    const rawBody = rawBytes.toString('utf8');
    if (!provider.webhooks.methods.some((each) => each === method))
      return plain(405, 'Webhooks do not come by this method.');
    const webhook: WebhookRequest = {
      method,
      address: target.kind,
      url: publicUrl + target.url,
      query: new URLSearchParams(target.query),
      header: (name) => {
        const value = request.headers[name];
        return typeof value === 'string' ? value : value?.[0];
      },
      rawBody,
      rawBytes,
      receivedAt: engine.clock.now(),
    };
    const caller = { authorization: request.headers.authorization, address: clientAddress(request, trustedProxies) };
    if (account.webhookKey !== null && !passesGuard(account.webhookGuard, caller)) {
      refused(account, target, 'a webhook without its login, or from elsewhere than its provider, was refused');
      return plain(403, 'The login is missing or wrong, or the request comes from elsewhere.');
    }
    if (!isSigned(account, webhook)) {
      refused(account, target, 'a webhook with a missing or wrong signature was refused');
      return plain(403, 'The signature is missing or wrong.');
    }
    // What is called by GET says everything in its query.
    const verified = { workspaceId, account, content: rawBody === '' ? target.query : rawBody };
    const told = await confirmed(account, connection.read(webhook));
    if (told === null) return plain(503, 'The provider could not be asked about it.');
    await take(account, told);
    // Acknowledged all the same: whoever refuses what it does not understand gets it again for a day.
    if (told.some((event) => event.kind === 'unknown'))
      await keep(verified, target.kind === 'sms' ? 'inbound' : 'receipt');
    return { status: 200, ...provider.webhooks.acknowledgement };
  };

  const refused = ({ workspaceId, id }: Account, { provider }: Target, text: string): void =>
    engine.log.warn({ security: 'webhook_refused', workspace: workspaceId, account: id, provider }, text);

  /** What a request told, with what its provider says of what it merely hinted at; null where the provider cannot be asked. */
  const confirmed = async (
    { id, connection }: Account,
    events: readonly ProviderEvent[],
  ): Promise<readonly ProviderEvent[] | null> => {
    if (!events.some((event) => event.kind === 'hint')) return events;
    try {
      const told = await Promise.all(
        events.map(async (event) =>
          event.kind === 'hint' ? ((await connection.confirm?.(event.providerId, confirmMs)) ?? []) : [event],
        ),
      );
      return told.flat();
    } catch (error) {
      engine.log.warn({ err: error, account: id }, 'a provider could not be asked about what it told');
      return null;
    }
  };

  const keep = async (verified: Verified, kind: string): Promise<void> => {
    await inWorkspace(committing.db, verified.workspaceId, (tx) =>
      tx
        .insertInto('unmatched_webhooks')
        .values({
          workspace_id: verified.workspaceId,
          id: engine.ids.uuid(),
          account_id: verified.account.id,
          kind,
          body: cleanText(verified.content),
          received_at: engine.clock.now(),
        })
        .execute(),
    );
    engine.log.warn({ account: verified.account.id, kind }, 'a webhook was authentic and not understood; it was kept');
  };

  const respond = async (request: IncomingMessage, response: ServerResponse, target: Target | null): Promise<void> => {
    const startedAt = engine.clock.monotonic();
    const requestId = engine.ids.uuid();
    // Never the path: it may hold a key.
    const account = target?.accountId;
    let given: Answer;
    try {
      given = target === null ? refuseUnread(request, plain(404, 'No such webhook.')) : await answer(request, target);
    } catch (error) {
      engine.log.error({ err: error, request_id: requestId, account }, 'a webhook could not be stored');
      given = plain(500, 'The webhook could not be stored.');
    }
    response.writeHead(given.status, {
      'content-type': given.contentType,
      'content-length': Buffer.byteLength(given.body),
      'x-request-id': requestId,
      ...(request.complete ? {} : { connection: 'close' }),
    });
    response.end(given.body);
    const ms = Math.round(engine.clock.monotonic() - startedAt);
    const method = knownMethods.has(request.method ?? '') ? (request.method ?? '') : 'other';
    onRequest({ method, route: `/webhooks/:provider/:account/${target?.kind ?? 'other'}`, status: given.status, ms });
    engine.log.debug({ request_id: requestId, account, status: given.status, ms }, 'webhook');
  };

  return (request, response) => {
    const url = request.url ?? '/';
    if (!url.startsWith('/webhooks/')) return false;
    void respond(request, response, targetOf(url));
    return true;
  };
}

type Verified = { readonly workspaceId: string; readonly account: Account; readonly content: string };

type Target = {
  readonly provider: string;
  readonly accountId: string;
  /** What the address holds besides; null where it holds nothing. */
  readonly key: string | null;
  readonly kind: 'sms' | 'status';
  /** Path and query as received. */
  readonly url: string;
  readonly query: string;
};

function targetOf(url: string): Target | null {
  const queryAt = url.indexOf('?');
  const path = queryAt < 0 ? url : url.slice(0, queryAt);
  const [, provider, accountId, key = null, kind] = route.exec(path) ?? [];
  if (provider === undefined || accountId === undefined || (kind !== 'sms' && kind !== 'status')) return null;
  return { provider, accountId, key, kind, url, query: queryAt < 0 ? '' : url.slice(queryAt + 1) };
}

/** Answers without reading what is still to come. */
function refuseUnread(request: IncomingMessage, given: Answer): Answer {
  request.resume();
  return given;
}

/** Whether a request is its provider's, also by credentials that were replaced of late; true where the provider signs nothing. */
function isSigned({ connection, previous }: Account, webhook: WebhookRequest): boolean {
  if (connection.verify === undefined || connection.verify(webhook)) return true;
  return previous !== null && webhook.receivedAt < previous.until && previous.connection.verify?.(webhook) === true;
}

/** Whether an address holds what its account's addresses hold: a key where the provider signs nothing, and else none. */
function keyFits({ webhookKey }: Account, { key }: Target): boolean {
  if (webhookKey === null || key === null) return webhookKey === key;
  return sameText(key, webhookKey);
}

/** The body; null for one that is too large, however it says its length. @throws Error where the connection breaks. */
function readBody(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > mostBody) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > mostBody) resolve(null);
      else chunks.push(chunk);
    });
    request.once('error', reject);
    request.once('end', () => {
      const only = chunks[0];
      resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
    });
  });
}
