import { Hono } from 'hono';
import { sql } from 'kysely';
import { createGroupCommit } from '../cohorts/group-commit.ts';
import { createRunBook } from '../cohorts/run-book.ts';
import { inWorkspace, type WorkspaceTx } from '../db/database.ts';
import type { Engine } from '../main/engine.ts';
import type { Account } from './accounts.ts';
import { type InboundOutcome, type InboundText, receiveText } from './inbound.ts';
import { applyReceipts, type IncomingReceipt } from './receipts.ts';

const mostBody = 64 * 1_024;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export type WebhookEngine = Pick<
  Engine,
  | 'db'
  | 'accounts'
  | 'providers'
  | 'publicUrl'
  | 'log'
  | 'clock'
  | 'ids'
  | 'arrivalDeps'
  | 'onArrived'
  | 'onQueued'
  | 'onSettled'
  | 'failPoints'
  | 'dispatchDeps'
  | 'notifier'
  | 'starter'
>;

/**
 * Webhooks of providers: verified over the configured public URL and the raw bytes, fail closed; stored and acted on in one
 * transaction per workspace and moment; acknowledged after the commit. What is authentic and not understood is kept for a person.
 */
export function createWebhooks(engine: WebhookEngine) {
  const inbound = createInboundCommit(engine);
  const receipts = createReceiptCommit(engine);

  const authenticate = async (
    providerType: string,
    accountId: string,
    request: Request,
  ): Promise<Verified | Response> => {
    const provider = engine.providers.get(providerType);
    const workspaceId =
      provider === undefined || !uuid.test(accountId) ? null : await engine.accounts.workspaceOf(accountId);
    if (provider === undefined || workspaceId === null) return new Response('No such webhook.', { status: 404 });
    const length = Number(request.headers.get('content-length') ?? 0);
    if (length > mostBody) return new Response('The body is too large.', { status: 413 });
    const rawBody = await request.text();
    if (rawBody.length > mostBody) return new Response('The body is too large.', { status: 413 });
    const account = await engine.accounts.get(workspaceId, accountId);
    const received = new URL(request.url);
    const genuine = provider.verify(account, {
      url: `${engine.publicUrl}${received.pathname}${received.search}`,
      headers: Object.fromEntries(request.headers),
      rawBody,
    });
    if (!genuine || account.provider !== providerType) {
      engine.log.warn(
        { account: accountId, provider: providerType },
        'a webhook with a missing or wrong signature was refused',
      );
      return new Response('The signature is missing or wrong.', { status: 403 });
    }
    return { workspaceId, account, provider, rawBody, attemptId: received.searchParams.get('attempt') };
  };

  const keep = async (verified: Verified, kind: string): Promise<Response> => {
    await inWorkspace(engine.db, verified.workspaceId, (tx) =>
      tx
        .insertInto('unmatched_webhooks')
        .values({
          workspace_id: verified.workspaceId,
          id: engine.ids.uuid(),
          account_id: verified.account.id,
          kind,
          body: verified.rawBody,
          received_at: engine.clock.now(),
        })
        .execute(),
    );
    engine.log.warn({ account: verified.account.id, kind }, 'a webhook was authentic and not understood; it was kept');
    return new Response('The body is not understood.', { status: 400 });
  };

  const acknowledge = ({ provider }: Verified): Response =>
    new Response(provider.acknowledgement.body, { headers: { 'content-type': provider.acknowledgement.contentType } });

  return new Hono()
    .post('/webhooks/:provider/:account/sms', async (c) => {
      const verified = await authenticate(c.req.param('provider'), c.req.param('account'), c.req.raw);
      if (verified instanceof Response) return verified;
      const text = verified.provider.parseInbound(verified.rawBody);
      if (text === null) return keep(verified, 'inbound');
      await inbound.add(verified.workspaceId, {
        accountId: verified.account.id,
        providerId: text.providerId,
        from: text.from,
        to: text.to,
        body: text.body,
      });
      return acknowledge(verified);
    })
    .post('/webhooks/:provider/:account/status', async (c) => {
      const verified = await authenticate(c.req.param('provider'), c.req.param('account'), c.req.raw);
      if (verified instanceof Response) return verified;
      const receipt = verified.provider.parseReceipt(verified.rawBody);
      if (receipt === null) return keep(verified, 'receipt');
      const attemptId = verified.attemptId !== null && uuid.test(verified.attemptId) ? verified.attemptId : null;
      await receipts.add(verified.workspaceId, { accountId: verified.account.id, attemptId, ...receipt });
      return acknowledge(verified);
    });
}

type Verified = {
  readonly workspaceId: string;
  readonly account: Account;
  readonly provider: NonNullable<ReturnType<WebhookEngine['providers']['get']>>;
  readonly rawBody: string;
  readonly attemptId: string | null;
};

/** Texts that come together are one transaction per workspace; one that fails is taken back alone. */
function createInboundCommit(engine: WebhookEngine) {
  return createGroupCommit<InboundText, InboundOutcome>({
    most: 100,
    // At an idle place nobody waits; while starts pile up, texts gather into shared runs, up to 250 ms (protocol 15).
    windowMs: () => Math.min(250, engine.starter.backlog() * 12),
    commit: persistently(engine, async (workspaceId, items) => {
      const results: Array<InboundOutcome | Error> = [];
      const runs = await inWorkspace(engine.db, workspaceId, async (tx) => {
        results.length = 0;
        const book = createRunBook(engine.ids);
        const deps = { ...engine.arrivalDeps, book };
        const now = engine.clock.now();
        // Ascending numbers: two processes lock the same people in the same order.
        const order = items
          .map((text, index) => ({ text, index }))
          .sort((a, b) => (a.text.from < b.text.from ? -1 : a.text.from > b.text.from ? 1 : a.index - b.index));
        for (const { text, index } of order) {
          const restore = book.mark();
          const result = await alone(tx, items.length > 1, () => receiveText(deps, tx, workspaceId, text, now));
          if (result instanceof Error) restore();
          results[index] = result;
        }
        const made = await book.flush(tx, workspaceId, now);
        await engine.failPoints.reach('inbound.before_commit');
        return made;
      });
      await engine.failPoints.reach('inbound.after_commit');
      const stored = results.flatMap((result) => (result instanceof Error ? [] : [result]));
      engine.onArrived(workspaceId, { runs, wake: stored.flatMap((result) => result.wake) });
      if (stored.some((result) => result.queued)) engine.onQueued();
      return results;
    }),
  });
}

async function alone<T>(tx: WorkspaceTx, guard: boolean, work: () => Promise<T>): Promise<T | Error> {
  if (!guard) return work();
  await sql`SAVEPOINT item`.execute(tx);
  try {
    const result = await work();
    await sql`RELEASE SAVEPOINT item`.execute(tx);
    return result;
  } catch (error) {
    await sql`ROLLBACK TO SAVEPOINT item`.execute(tx);
    return error instanceof Error ? error : new Error('The text could not be stored.');
  }
}

function createReceiptCommit(engine: WebhookEngine) {
  return createGroupCommit<IncomingReceipt, true>({
    most: 500,
    // Alone a receipt is stored at once; in a stream nobody waits for a single one.
    windowMs: (sinceLastMs) => (sinceLastMs > 500 ? 0 : 40),
    commit: persistently(engine, async (workspaceId, items) => {
      const applied = await inWorkspace(engine.db, workspaceId, async (tx) => {
        const result = await applyReceipts(engine.arrivalDeps, tx, workspaceId, items, engine.clock.now());
        await engine.failPoints.reach('receipt.before_commit');
        return result;
      });
      await engine.failPoints.reach('receipt.after_commit');
      if (applied.settled > 0) engine.onSettled(workspaceId);
      engine.notifier.changed(workspaceId);
      return items.map(() => true);
    }),
  });
}

const tries = 4;

/**
 * A provider does not come back after an error of ours, so a commit that failed is tried again while it still waits for the answer.
 * Texts and receipts are stored once however often they are tried.
 */
function persistently<Item, Result>(
  engine: WebhookEngine,
  commit: (workspaceId: string, items: readonly Item[]) => Promise<ReadonlyArray<Result | Error>>,
): (workspaceId: string, items: readonly Item[]) => Promise<ReadonlyArray<Result | Error>> {
  return async (workspaceId, items) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await commit(workspaceId, items);
      } catch (error) {
        if (attempt === tries) throw error;
        engine.log.warn({ err: error, attempt }, 'a webhook could not be stored, trying again');
        await new Promise((resolve) => setTimeout(resolve, 100 * 3 ** attempt));
      }
    }
  };
}
