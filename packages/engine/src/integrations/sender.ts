import { sql } from 'kysely';
import { inEach } from '../runtime/in-each.ts';
import { type DeliverDeps, deliverDue } from './deliver.ts';
import { spreadEvents } from './spread.ts';

/** Tells webhooks of what happened. */
export type WebhookSender = {
  /** Spreads what happened, and begins to ask every endpoint at which something is due; resolves to how many began. */
  readonly turn: () => Promise<number>;
  /** Resolves once nothing is on its way. */
  readonly idle: () => Promise<void>;
  /** As `idle`, and nothing begins any more. */
  readonly stop: () => Promise<void>;
};

/**
 * Each endpoint is asked in a line of its own, so that one that is slow keeps no other waiting; a turn of the sweep waits for none of
 * them. Any number of processes may do this beside each other: what one of them has taken the others skip.
 */
export function createWebhookSender(deps: DeliverDeps): WebhookSender {
  const asking = new Map<string, Promise<void>>();
  let stopped = false;

  const ask = async (workspaceId: string, endpointId: string): Promise<void> => {
    try {
      while (!stopped && (await deliverDue(deps, { workspaceId, endpointId })) > 0);
    } catch (error) {
      deps.log.error({ err: error, webhook: endpointId }, 'a webhook could not be asked; it will be tried again');
    } finally {
      asking.delete(endpointId);
    }
  };

  const spreadAll = async (): Promise<void> => {
    const rows = await sql<{ workspace_id: string }>`SELECT DISTINCT workspace_id FROM webhook_outbox`.execute(
      deps.db.router,
    );
    await inEach(deps.log, 'webhooks', rows.rows, async ({ workspace_id }) => {
      while ((await spreadEvents(deps, workspace_id)).more);
    });
  };

  const idle = async (): Promise<void> => {
    while (asking.size > 0) await Promise.all(asking.values());
  };
  return {
    async turn() {
      await spreadAll();
      const due = await sql<{ workspace_id: string; id: string }>`
        SELECT workspace_id, id FROM webhook_endpoints e WHERE enabled AND EXISTS (
          SELECT FROM webhook_deliveries d
          WHERE d.workspace_id = e.workspace_id AND d.endpoint_id = e.id AND d.state = 'waiting' AND d.next_at <= ${deps.clock.now()}
        )`.execute(deps.db.router);
      let began = 0;
      for (const { workspace_id, id } of due.rows) {
        if (stopped || asking.has(id)) continue;
        asking.set(id, ask(workspace_id, id));
        began += 1;
      }
      return began;
    },
    idle,
    async stop() {
      stopped = true;
      await idle();
    },
  };
}
