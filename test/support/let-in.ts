import type { Harness } from './harness.ts';

/** Lets contacts into a flow as the API does: a batch, paged into runs by the engine. Returns the batch's id. */
export async function letIn(harness: Harness, flowId: string, contactIds: readonly string[]): Promise<string> {
  const id = harness.engine.ids.uuid();
  await harness.inTx((tx) =>
    tx
      .insertInto('enrollment_batches')
      .values({
        workspace_id: harness.workspaceId,
        id,
        flow_id: flowId,
        state: 'running',
        contact_ids: [...contactIds].sort(),
        created_at: harness.engine.clock.now(),
      })
      .execute(),
  );
  return id;
}
