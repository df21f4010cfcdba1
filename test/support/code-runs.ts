import { runWorkflowId } from '@signalbox/engine/cohorts/run-contract';
import { loadCodeFlows, registerCodeFlows } from '@signalbox/engine/flows/code-registry';
import { testFlowsFolder } from './global-setup.ts';
import type { Harness } from './harness.ts';

/** Registers the folder's flows in the harness's workspace; ids by name. */
export async function registerTestFlows(harness: Harness): Promise<Map<string, string>> {
  await registerCodeFlows(harness.engine, harness.workspaceId, await loadCodeFlows(testFlowsFolder), 'live');
  const flows = await harness.inTx((tx) =>
    tx.selectFrom('flows').select(['id', 'name']).where('kind', '=', 'workflow').execute(),
  );
  return new Map(flows.map((flow) => [flow.name, flow.id]));
}

/** Lets contacts into a flow, one batch, which the sweep takes up. */
export async function letIn(harness: Harness, flowId: string, contacts: readonly string[]): Promise<void> {
  const values = {
    workspace_id: harness.workspaceId,
    id: harness.engine.ids.uuid(),
    flow_id: flowId,
    state: 'running' as const,
    contact_ids: [...contacts].sort(),
    created_at: new Date(),
  };
  await harness.inTx((tx) => tx.insertInto('enrollment_batches').values(values).execute());
}

/** The only run of a flow. */
export async function runOf(harness: Harness, flowId: string): Promise<string | undefined> {
  const runs = await harness.inTx((tx) => tx.selectFrom('runs').select('id').where('flow_id', '=', flowId).execute());
  return runs[0]?.id;
}

/** Events of a run's history, by type. */
export async function historyOf(harness: Harness, runId: string) {
  const { events } = await harness.engine.client.workflow.getHandle(runWorkflowId(runId)).fetchHistory();
  return events ?? [];
}

/** Texts sent to a contact, in order. */
export async function textsTo(harness: Harness, contactId: string): Promise<Array<string | null>> {
  const rows = await harness.inTx((tx) =>
    tx
      .selectFrom('messages')
      .select('body')
      .where('contact_id', '=', contactId)
      .where('direction', '=', 'out')
      .where('state', 'not in', ['canceled', 'refused'])
      .orderBy('id')
      .execute(),
  );
  return rows.map((row) => row.body);
}

/** Phones of contacts, in the order given. */
export async function phonesOf(harness: Harness, contacts: readonly string[]): Promise<string[]> {
  const rows = await harness.inTx((tx) =>
    tx.selectFrom('contacts').select(['id', 'phone']).where('id', 'in', contacts).execute(),
  );
  const phones = new Map(rows.map((row) => [row.id, row.phone]));
  return contacts.map((id) => phones.get(id) ?? '');
}

/** How enrollments of contacts ended. */
export function endsOf(harness: Harness, contacts: readonly string[]) {
  return harness.inTx((tx) =>
    tx
      .selectFrom('enrollment_history')
      .select(['contact_id', 'outcome', 'reason'])
      .where('contact_id', 'in', contacts)
      .execute(),
  );
}

/** Live positions of contacts. */
export function positionsOf(harness: Harness, contacts: readonly string[]) {
  return harness.inTx((tx) =>
    tx.selectFrom('enrollments').selectAll().where('contact_id', 'in', contacts).orderBy('id').execute(),
  );
}
