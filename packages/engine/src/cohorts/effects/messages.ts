import type { MessageDraft, Ports } from '@signalbox/nodes/define/ports';
import type { Verdict } from '@signalbox/nodes/gate/define-rule';
import { askBeforeQueueing } from '../../gate/ask.ts';
import type { GateKey } from '../../gate/facts.ts';
import { createBatchLoader } from '../../runtime/batch-loader.ts';
import { type Later, listSenders, queueMessages, type SenderRow } from '../../sending/queue.ts';
import type { CohortRow } from '../cohort-rows.ts';
import type { HeldReason } from '../hold.ts';
import { hadManyTexts, mayHaveManyTexts } from '../text-limit.ts';
import { defineEffect } from './define-effect.ts';

type QueuedMessage = {
  readonly id: string;
  readonly row: CohortRow;
  readonly draft: MessageDraft;
  readonly later: Later | null;
};

/** Asks the gate, and queues the messages that it lets pass. Whoever had too many texts of the flow lately is held where they are. */
export const messages = defineEffect<Ports['messages']>(({ tx, workspaceId, now, flowId, ids, onQueued }) => {
  const work = { tx, workspaceId, now };
  let senders: readonly SenderRow[] | null = null;
  const collected = new Map<string, QueuedMessage>();
  const toHold = new Map<string, HeldReason>();
  const gate = createBatchLoader(async (keys: readonly GateKey[]): Promise<Verdict[]> => {
    senders ??= await listSenders(work);
    return askBeforeQueueing(work, keys, { hasSender: senders.length > 0, exemption: null });
  });
  const many = createBatchLoader((contactIds: readonly string[]) => hadManyTexts(work, flowId, contactIds));

  return {
    bind: (row) => ({
      queue: async (draft) => {
        const { contact } = row;
        const verdict = await gate.load({ contactId: contact.id, number: contact.phone, purpose: draft.purpose });
        if (verdict.kind === 'refuse') return { refused: verdict.reason };
        if (mayHaveManyTexts(row) && (await many.load(contact.id))) {
          toHold.set(row.id, 'too_many_texts');
          return { refused: { code: 'too_many_texts' } };
        }
        const id = ids.uuid();
        collected.set(row.id, { id, row, draft, later: verdict.kind === 'later' ? verdict : null });
        return { queued: id };
      },
    }),
    reads: [gate, many],
    write: (enrollments) =>
      queueMessages(
        work,
        { flowId, ...(senders === null ? {} : { senders }) },
        [...collected.values()]
          .filter(({ row }) => enrollments.has(row.id))
          .map(({ id, row, draft, later }) => ({
            id,
            contactId: row.contact.id,
            number: row.contact.phone,
            preferredSender: row.eventSender,
            enrollmentId: row.id,
            hop: row.hop,
            draft,
            later,
            exemption: null,
          })),
      ),
    discard: (enrollmentId) => {
      collected.delete(enrollmentId);
    },
    toHold,
    committed: () => {
      if (collected.size > 0) onQueued();
    },
  };
});
