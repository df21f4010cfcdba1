import type { Reason } from '@signalbox/nodes/define/decision';
import type { MessageDraft, Ports, Purpose, Scalar } from '@signalbox/nodes/define/ports';
import type { Verdict } from '@signalbox/nodes/gate/define-rule';
import { askGate } from '@signalbox/nodes/gate/gate';
import { consentStates } from '../consent/store.ts';
import { decayedSums } from '../contacts/engagement.ts';
import type { WorkspaceTx } from '../db/database.ts';
import { type GateKey, readFacts } from '../gate/facts.ts';
import { createBatchLoader } from '../runtime/batch-loader.ts';
import type { Ids } from '../runtime/ids.ts';
import { listSenders, type SenderRow } from '../sending/queue.ts';
import type { CohortRow } from './cohort-rows.ts';
import { hadManyTexts, mayHaveManyTexts } from './text-limit.ts';

export type CollectedMessage = {
  readonly id: string;
  readonly row: CohortRow;
  readonly draft: MessageDraft;
  /** The gate's word that it may not go out before; null for at once. */
  readonly notBefore: Date | null;
};
export type CollectedConsent = { readonly row: CohortRow; readonly purpose: Purpose; readonly wording: string };

/** What the nodes of one step call asked to be written, by enrollment. */
export type Collected = {
  /** The workspace's senders, once a message was asked for. */
  senders: readonly SenderRow[] | null;
  readonly messages: Map<string, CollectedMessage>;
  readonly consents: CollectedConsent[];
  readonly profile: Map<string, { readonly row: CohortRow; readonly fields: Map<string, Scalar> }>;
  /** Enrollments of people who get no further text of the flow for now: they stay where they are. */
  readonly limited: Set<string>;
};

/** The ports of one step call: reads are batched over the cohort, writes are collected. */
export function createCollectingPorts(options: {
  readonly tx: WorkspaceTx;
  readonly workspaceId: string;
  readonly flowId: string;
  readonly now: Date;
  readonly ids: Ids;
}) {
  const { tx, workspaceId, flowId, now } = options;
  const collected: Collected = {
    senders: null,
    messages: new Map(),
    consents: [],
    profile: new Map(),
    limited: new Set(),
  };
  const consent = createBatchLoader((keys: ReadonlyArray<{ contactId: string; purpose: Purpose }>) =>
    consentStates({ tx, workspaceId }, keys),
  );
  const gate = createBatchLoader(async (keys: readonly GateKey[]): Promise<Verdict[]> => {
    collected.senders ??= await listSenders({ tx, workspaceId });
    const facts = await readFacts({ tx, workspaceId, now }, keys, { hasSender: collected.senders.length > 0 });
    return facts.map((each) => askGate(each, null));
  });
  const sums = createBatchLoader(
    (keys: ReadonlyArray<{ contactId: string; weights: Readonly<Record<string, number>>; halfLifeDays: number }>) =>
      decayedSums({ tx, workspaceId, now }, keys),
  );
  const many = createBatchLoader((contactIds: readonly string[]) =>
    hadManyTexts({ tx, workspaceId, now }, flowId, contactIds),
  );
  const loaders = [consent, gate, sums, many];

  const queue = async (
    row: CohortRow,
    draft: MessageDraft,
  ): Promise<{ readonly queued: string } | { readonly refused: Reason }> => {
    const verdict = await gate.load({ contactId: row.contact.id, number: row.contact.phone, purpose: draft.purpose });
    if (verdict.kind === 'refuse') return { refused: verdict.reason };
    if (mayHaveManyTexts(row) && (await many.load(row.contact.id))) {
      collected.limited.add(row.id);
      return { refused: { code: 'too_many_texts' } };
    }
    const id = options.ids.uuid();
    const notBefore = verdict.kind === 'later' ? verdict.until : null;
    collected.messages.set(row.id, { id, row, draft, notBefore });
    return { queued: id };
  };

  return {
    collected,
    pending: () => loaders.reduce((sum, loader) => sum + loader.pending(), 0),
    /** One after another: a transaction has one connection. */
    flush: async () => {
      for (const loader of loaders) await loader.flush();
    },
    /** The ports bound to one person. */
    bind: (row: CohortRow): Ports => ({
      consent: {
        state: (purpose) => consent.load({ contactId: row.contact.id, purpose }),
        record: ({ purpose, wording }) => {
          collected.consents.push({ row, purpose, wording });
        },
      },
      messages: { queue: (draft) => queue(row, draft) },
      profile: {
        set: (field, value) => {
          const entry = collected.profile.get(row.contact.id) ?? { row, fields: new Map<string, Scalar>() };
          entry.fields.set(field, value);
          collected.profile.set(row.contact.id, entry);
        },
      },
      events: { decayedSum: (query) => sums.load({ contactId: row.contact.id, ...query }) },
    }),
  };
}

/** Forgets what everybody asked for. */
export function discardAll(collected: Collected): void {
  collected.messages.clear();
  collected.profile.clear();
  collected.consents.length = 0;
}

/** Forgets what a failed person asked for. */
export function discard(collected: Collected, row: CohortRow): void {
  collected.messages.delete(row.id);
  collected.profile.delete(row.contact.id);
  for (let index = collected.consents.length - 1; index >= 0; index -= 1) {
    if (collected.consents[index]?.row === row) collected.consents.splice(index, 1);
  }
}
