import type { IncomingMessage, ServerResponse } from 'node:http';
import { cleanText } from '@signalbox/nodes/text/clean-text';
import { readCorrespondent } from '@signalbox/nodes/text/phone-number';
import type { Account, AccountStore } from '../accounts/store.ts';
import { inWorkspace, through } from '../db/database.ts';
import type { ProviderEvent, WebhookRequest } from '../providers/provider.ts';
import { type CommitEngine, createInboundCommit, createReceiptCommit } from './webhook-commits.ts';

const mostBody = 64 * 1_024;
/** Some providers call by GET; each says which of the two. */
const knownMethods: ReadonlySet<string> = new Set(['GET', 'POST']);
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const route = /^\/webhooks\/([^/?]+)\/([^/?]+)\/(sms|status)$/;

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
 * What cannot be stored as sent is stored cleaned, here for every provider.
 * Written against node:http because a campaign's receipts come here by the thousand.
 */
export function createWebhooks(
  engine: WebhookEngine,
  onRequest: (observed: ObservedWebhook) => void = () => undefined,
): WebhookHandler {
  const committing = { ...engine, db: through(engine.db, 'webhooks') };
  const inbound = createInboundCommit(committing);
  const receipts = createReceiptCommit(committing);
  const publicUrl = engine.publicUrl;

  const answer = async (request: IncomingMessage, target: Target): Promise<Answer> => {
    const { accountId } = target;
    const method = request.method ?? '';
    if (!knownMethods.has(method)) return refuseUnread(request, plain(405, 'Webhooks do not come by this method.'));
    const workspaceId = uuid.test(accountId) ? await engine.accounts.workspaceOf(accountId) : null;
    if (workspaceId === null) return refuseUnread(request, plain(404, 'No such webhook.'));
    const rawBody = await readBody(request);
    if (rawBody === null) return refuseUnread(request, plain(413, 'The body is too large.'));
    const account = await engine.accounts.get(workspaceId, accountId);
    const { provider, connection } = account;
    if (provider.type !== target.provider) return plain(404, 'No such webhook.');
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
      receivedAt: engine.clock.now(),
    };
    if (!connection.verify(webhook)) {
      engine.log.warn(
        { security: 'webhook_refused', workspace: workspaceId, account: accountId, provider: target.provider },
        'a webhook with a missing or wrong signature was refused',
      );
      return plain(403, 'The signature is missing or wrong.');
    }
    // What is called by GET says everything in its query.
    const verified = { workspaceId, account, content: rawBody === '' ? target.query : rawBody };
    const events = connection.read(webhook);
    await Promise.all(events.map((event) => take(verified, event)));
    if (events.some((event) => event.kind === 'unknown'))
      return keep(verified, target.kind === 'sms' ? 'inbound' : 'receipt');
    return { status: 200, ...provider.webhooks.acknowledgement };
  };

  const take = async ({ workspaceId, account }: Verified, event: ProviderEvent): Promise<void> => {
    if (event.kind === 'text') {
      await inbound.add(workspaceId, {
        accountId: account.id,
        providerId: cleanText(event.providerId),
        from: readCorrespondent(cleanText(event.from)).address,
        to: cleanText(event.to),
        body: cleanText(event.body),
        media: event.media.map(({ url, type }) => ({ url: cleanText(url), type: cleanText(type) })),
        carrierWord: event.carrierWord,
      });
    } else if (event.kind === 'receipt') {
      const { reference, status, errorCode } = event;
      await receipts.add(workspaceId, {
        accountId: account.id,
        attemptId: reference !== null && uuid.test(reference) ? reference : null,
        providerId: cleanText(event.providerId),
        status,
        errorCode: errorCode === null ? null : cleanText(errorCode),
        optedOut: event.optedOut,
      });
    }
  };

  const keep = async (verified: Verified, kind: string): Promise<Answer> => {
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
    return plain(400, 'The body is not understood.');
  };

  const respond = async (request: IncomingMessage, response: ServerResponse, target: Target): Promise<void> => {
    const startedAt = engine.clock.monotonic();
    const requestId = engine.ids.uuid();
    let given: Answer;
    try {
      given = await answer(request, target);
    } catch (error) {
      engine.log.error({ err: error, request_id: requestId, path: target.path }, 'a webhook could not be stored');
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
    onRequest({ method, route: `/webhooks/:provider/:account/${target.kind}`, status: given.status, ms });
    engine.log.debug({ request_id: requestId, path: target.path, status: given.status, ms }, 'webhook');
  };

  return (request, response) => {
    const target = targetOf(request.url ?? '/');
    if (target === null) return false;
    void respond(request, response, target);
    return true;
  };
}

type Verified = { readonly workspaceId: string; readonly account: Account; readonly content: string };

type Target = {
  readonly provider: string;
  readonly accountId: string;
  readonly kind: 'sms' | 'status';
  /** Path and query as received. */
  readonly url: string;
  readonly path: string;
  readonly query: string;
};

function targetOf(url: string): Target | null {
  if (!url.startsWith('/webhooks/')) return null;
  const queryAt = url.indexOf('?');
  const path = queryAt < 0 ? url : url.slice(0, queryAt);
  const [, provider, accountId, kind] = route.exec(path) ?? [];
  if (provider === undefined || accountId === undefined || (kind !== 'sms' && kind !== 'status')) return null;
  return { provider, accountId, kind, url, path, query: queryAt < 0 ? '' : url.slice(queryAt + 1) };
}

/** Answers without reading what is still to come. */
function refuseUnread(request: IncomingMessage, given: Answer): Answer {
  request.resume();
  return given;
}

/** The body as text; null for one that is too large, however it says its length. @throws Error where the connection breaks. */
function readBody(request: IncomingMessage): Promise<string | null> {
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
      resolve(
        chunks.length === 1 && only !== undefined ? only.toString('utf8') : Buffer.concat(chunks).toString('utf8'),
      );
    });
  });
}
