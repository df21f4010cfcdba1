import { flow } from '@signalbox/nodes/flow/builder';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { test as testNode } from '@signalbox/nodes/library/logic/test';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Harness } from './harness.ts';

type Config = z.input<typeof testNode.config>;

export const twoArms = [
  { id: 'a', label: 'As it was', weight: 1 },
  { id: 'b', label: 'Offer', weight: 1 },
];

/** A flow with a test at `try`, each of whose arms sends a text of its own. */
export function testFlow(event: string, config: Partial<Config> = {}): FlowGraph {
  const w = flow(`Test of ${event}`);
  const arms = config.arms ?? twoArms;
  const start = w.step('start', apiEvent, { event });
  const tried = w.step('try', testNode, { arms, ...config });
  start.to('next', tried);
  for (const { id, label } of arms)
    tried.to(id, w.step(`send_${id}`, sendSms, { text: `${label} of ${event}`, purpose: 'transactional' }));
  return w.graph();
}

/** Draws new contacts for the arms two days ago, and has so many of each click a link of the flow since. */
export async function giveResults(
  harness: Harness,
  test: { readonly id: string; readonly flowId: string },
  arms: Readonly<Record<string, { readonly people: number; readonly clicked: number }>>,
  from: number,
): Promise<void> {
  const { workspaceId } = harness;
  let at = from;
  for (const [arm, { people, clicked }] of Object.entries(arms)) {
    const contacts = await harness.addContacts(people, at);
    at += people;
    await harness.inTx(async (tx) => {
      await sql`
        INSERT INTO test_assignments (workspace_id, test_id, contact_id, arm, propensity, decided_by, assigned_at)
        SELECT ${workspaceId}::uuid, ${test.id}::uuid, id, ${arm}, 0.5, 'draw', now() - interval '2 days' FROM unnest(${contacts}::uuid[]) AS x(id)`.execute(
        tx,
      );
      await sql`
        INSERT INTO links (workspace_id, code, message_id, contact_id, flow_id, target, created_at, expires_at, clicks, first_clicked_at, last_clicked_at)
        SELECT ${workspaceId}::uuid, id::text, id, id, ${test.flowId}::uuid, 'https://shop.example', now() - interval '2 days', now() + interval '2 days', 1,
          now() - interval '47 hours', now() - interval '47 hours' FROM unnest(${contacts.slice(0, clicked)}::uuid[]) AS x(id)`.execute(
        tx,
      );
    });
  }
}

/** The last look at a test is an hour older than it was: the next one is due. */
export async function ageLooks(harness: Harness, testId: string): Promise<void> {
  await harness.inTx((tx) =>
    sql`UPDATE test_looks SET at = at - interval '1 hour', hour = hour - interval '1 hour' WHERE test_id = ${testId}`.execute(
      tx,
    ),
  );
}

/** The newest test of a flow. */
export async function testOf(harness: Harness, flowId: string) {
  return harness.inTx((tx) =>
    tx
      .selectFrom('tests')
      .selectAll()
      .where('flow_id', '=', flowId)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow(),
  );
}

/** What people were given, in the order of their contacts. */
export async function givenIn(harness: Harness, testId: string, contacts: readonly string[]) {
  return harness.inTx((tx) =>
    tx
      .selectFrom('test_assignments')
      .select(['contact_id', 'arm', 'decided_by', 'propensity', 'keeps_control'])
      .where('test_id', '=', testId)
      .where('contact_id', 'in', contacts)
      .orderBy('contact_id')
      .execute(),
  );
}
