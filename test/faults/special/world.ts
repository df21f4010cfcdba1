import type { FailPointName } from '@signalbox/engine/runtime/fail-points';
import { expect } from 'vitest';
import { type ApiHarness, startApiHarness } from '../../api/client.ts';
import { endsOf, phonesOf, positionsOf, registerTestFlows } from '../../support/code-runs.ts';
import { type ArmedFailPoints, createFailPoints } from '../../support/fail-points.ts';
import { conversationFlow } from '../../support/flows.ts';
import { businessNumber, until } from '../../support/harness.ts';
import { letIn } from '../../support/let-in.ts';

export type Person = { readonly contact: string; readonly phone: string; readonly question: string };

/** An engine with its API over short leases, whose accounts leave opting out to the carrier, and people to be let in. */
export type World = {
  readonly harness: ApiHarness;
  readonly failPoints: ArmedFailPoints;
  readonly newcomers: (count: number) => Promise<Person[]>;
  /** A conversation flow of its own, by its id. */
  readonly conversation: () => Promise<string>;
  /** Flows as code, by their names. */
  readonly codeFlow: (name: string) => string;
  readonly letIn: (flowId: string, group: readonly Person[]) => Promise<void>;
  /** Resolves when everyone waits for a reply. */
  readonly waiting: (group: readonly Person[]) => Promise<void>;
  readonly reply: (group: readonly Person[], body?: string) => void;
  readonly comeDue: (group: readonly Person[]) => Promise<void>;
  /** Resolves when every enrollment has ended, to how: outcome and the reason's code, one for each enrollment. */
  readonly ends: (group: readonly Person[]) => Promise<string[]>;
  /** What the carrier took for each of them; resolves when nothing is on its way. */
  readonly got: (group: readonly Person[]) => Promise<string[][]>;
  readonly close: () => Promise<void>;
};

/**
 * A situation that comes past a crash point: `arm` makes its next visit crash. Resolves when everyone is where they should be.
 *
 * @returns how often it crashed.
 */
export type Situation = (world: World, arm: () => void, name: FailPointName) => Promise<number>;

const contactsOf = (group: readonly Person[]): string[] => group.map((person) => person.contact);

function codeOf(reason: unknown): string {
  return typeof reason === 'object' && reason !== null && 'code' in reason ? String(reason.code) : '-';
}

export async function openWorld(): Promise<World> {
  const failPoints = createFailPoints();
  const harness = await startApiHarness({
    failPoints,
    work: true,
    optOut: 'carrier',
    dispatch: {
      leaseMs: 1_500,
      httpTimeoutMs: 700,
      marginMs: 100,
      unknownDeadlineMs: 2_500,
      lookupEveryMs: 300,
      unknownLineMs: 1_000,
    },
  });
  const codeFlows = await registerTestFlows(harness);
  let made = 0;
  let flows = 0;
  return {
    harness,
    failPoints,
    newcomers: async (count) => {
      const contacts = await harness.addContacts(count, made);
      const phones = await phonesOf(harness, contacts);
      const group = contacts.map((contact, index) => ({
        contact,
        phone: phones[index] ?? '',
        question: `Want tips, Person ${made + index}? Reply YES`,
      }));
      made += count;
      return group;
    },
    conversation: async () => {
      flows += 1;
      return (await harness.publish(`Conversation ${flows}`, conversationFlow({ event: `signed_up_${flows}` }))).flowId;
    },
    codeFlow: (name) => codeFlows.get(name) ?? '',
    letIn: async (flowId, group) => void (await letIn(harness, flowId, contactsOf(group))),
    waiting: async (group) => {
      await until(
        'everyone to wait for a reply',
        async () => {
          const rows = await positionsOf(harness, contactsOf(group));
          return rows.length === group.length && rows.every((row) => row.waiting_event === 'message.received');
        },
        30_000,
      );
    },
    reply: (group, body = 'yes') => {
      for (const { phone } of group) harness.carrier.text(phone, businessNumber, body);
    },
    comeDue: async (group) => {
      await harness.inTx((tx) =>
        tx
          .updateTable('enrollments')
          .set({ due_at: new Date(Date.now() - 60_000) })
          .where('contact_id', 'in', contactsOf(group))
          .where('state', '=', 3)
          .execute(),
      );
    },
    ends: async (group) => {
      await until(
        'everyone to end',
        async () =>
          (await positionsOf(harness, contactsOf(group))).length === 0 &&
          new Set((await endsOf(harness, contactsOf(group))).map((end) => end.contact_id)).size === group.length,
        30_000,
      );
      return (await endsOf(harness, contactsOf(group))).map((end) => `${end.outcome} ${codeOf(end.reason)}`);
    },
    got: async (group) => {
      await until('nothing to be on its way', async () => {
        const queued = await harness.inTx((tx) => tx.selectFrom('message_queue').select('message_id').execute());
        return queued.length === 0;
      });
      return group.map(({ phone }) =>
        harness.carrier.ledger.ofPhone(phone).flatMap((entry) => (entry.origin === 'api' ? [entry.body] : [])),
      );
    },
    close: harness.close,
  };
}

/** Everyone has the same end. */
export function expectEnds(ends: readonly string[], count: number, end: string): void {
  expect(ends).toEqual(Array.from({ length: count }, () => end));
}
