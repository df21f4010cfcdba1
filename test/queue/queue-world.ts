import { claimMessages } from '@signalbox/engine/sending/claim';
import { queueMessages } from '@signalbox/engine/sending/queue';
import { takeShard } from '@signalbox/engine/sending/shards';
import type { Lane } from '@signalbox/nodes/define/ports';
import type { Harness } from '../support/harness.ts';
import { readyTakes } from '../support/ready-takes.ts';

export type Queued = {
  readonly lane?: Lane;
  readonly flowId?: string | null;
  readonly sender?: string;
  readonly laterMs?: number;
  readonly text?: string;
  /** The number of somebody, by index; somebody new without. */
  readonly to?: number;
};

/** Queues messages and claims them by hand, at moments that a test chooses. */
export function createQueueWorld(harness: Harness) {
  const { engine, workspaceId, accountId } = harness;
  let people = 0;

  return {
    /** Queues a message; returns its id. */
    async queue(now: Date, message: Queued = {}): Promise<string> {
      const { lane = 'campaign', flowId = null, sender = null, laterMs, text = 'Hello', to } = message;
      people += 1;
      const number = `+1${2_025_570_000 + (to ?? 1_000 + people)}`;
      const id = engine.ids.uuid();
      await harness.inTx(async (tx) => {
        const known = await tx.selectFrom('contacts').select('id').where('phone', '=', number).executeTakeFirst();
        const contactId = known?.id ?? engine.ids.uuid();
        if (known === undefined) {
          await tx.insertInto('numbers').values({ workspace_id: workspaceId, number }).execute();
          await tx
            .insertInto('contacts')
            .values({ workspace_id: workspaceId, id: contactId, phone: number, created_at: now, updated_at: now })
            .execute();
        }
        const until = new Date(now.getTime() + (laterMs ?? 0));
        await queueMessages({ tx, workspaceId, now }, { flowId }, [
          {
            id,
            contactId,
            number,
            sender: sender === null ? harness.sender : { ...harness.sender, address: sender },
            routeId: null,
            enrollmentId: null,
            hop: null,
            draft: { text, purpose: 'transactional', lane },
            later: laterMs === undefined ? null : { until, reason: { code: 'scheduled' } },
            exemption: null,
          },
        ]);
      });
      return id;
    },
    /** Claims what is ready, as a dispatcher would; the ids in the order of the claim. */
    async claim(at: Date, places = 10): Promise<string[]> {
      const epoch = await takeShard(harness.db, 0, at);
      const takes = await readyTakes(harness.db, at, places);
      if (takes.length === 0) return [];
      const round = await harness.inTx((tx) =>
        claimMessages(
          { ids: engine.ids },
          { tx, workspaceId, now: at },
          {
            accountId,
            shard: 0,
            epoch,
            takes,
            leaseMs: 20_000,
            referenceRoom: 0,
            askCostAfterMs: null,
            unknownLineMs: 30_000,
          },
        ),
      );
      return round?.claimed.map(({ messageId }) => messageId) ?? [];
    },
    /** A flow whose messages can be held; nobody passes through it. */
    async flow(name: string): Promise<string> {
      const id = engine.ids.uuid();
      await harness.inTx((tx) =>
        tx
          .insertInto('flows')
          .values({
            workspace_id: workspaceId,
            id,
            name,
            kind: 'drawn',
            state: 'live',
            graph: '{}',
            created_at: new Date(),
            updated_at: new Date(),
          })
          .execute(),
      );
      return id;
    },
    async sender(address: string): Promise<string> {
      await harness.inTx((tx) =>
        tx
          .insertInto('senders')
          .values({
            workspace_id: workspaceId,
            id: engine.ids.uuid(),
            account_id: accountId,
            address,
            kind: 'long_code',
            created_at: new Date(),
          })
          .execute(),
      );
      return address;
    },
  };
}
