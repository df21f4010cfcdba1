import type { MessageDraft, Ports } from '@signalbox/nodes/define/ports';
import { askBeforeQueueing } from '../../gate/ask.ts';
import type { GateKey } from '../../gate/facts.ts';
import { createBatchLoader } from '../../runtime/batch-loader.ts';
import { type Later, queueMessages } from '../../sending/queue.ts';
import { chooseSender, listSenders, type SenderRow } from '../../sending/senders.ts';
import type { CohortRow } from '../cohort-rows.ts';
import type { HeldReason } from '../hold.ts';
import { hadManyTexts, mayHaveManyTexts } from '../text-limit.ts';
import { defineEffect } from './define-effect.ts';

type QueuedMessage = {
  readonly id: string;
  readonly row: CohortRow;
  readonly sender: SenderRow;
  readonly draft: MessageDraft;
  readonly later: Later | null;
};

/** Asks the gate, and queues the messages that it lets pass. Whoever had too many texts of the flow lately is held where they are. */
export const messages = defineEffect<Ports['messages']>(({ tx, workspaceId, now, flowId, ids, onQueued }) => {
  const work = { tx, workspaceId, now };
  let senders: Promise<readonly SenderRow[]> | null = null;
  const collected = new Map<string, QueuedMessage>();
  const toHold = new Map<string, HeldReason>();
  type Asked = Omit<GateKey, 'sender'> & { readonly preferredSender: string | null };
  const gate = createBatchLoader(async (asked: readonly Asked[]) => {
    senders ??= listSenders(work);
    const all = await senders;
    const chosen = asked.map(({ preferredSender }) => chooseSender(all, preferredSender));
    const keys = asked.map((each, index) => ({ ...each, sender: chosen[index]?.address ?? null }));
    const verdicts = await askBeforeQueueing(work, keys, null);
    return verdicts.map((verdict, index) => ({ verdict, sender: chosen[index] ?? null }));
  });
  const many = createBatchLoader((contactIds: readonly string[]) => hadManyTexts(work, flowId, contactIds));

  return {
    bind: (row) => ({
      queue: async (draft) => {
        const { contact } = row;
        const { verdict, sender } = await gate.load({
          ...draft,
          contactId: contact.id,
          number: contact.phone,
          preferredSender: row.eventSender,
          queued: null,
        });
        if (verdict.kind === 'refuse') return { refused: verdict.reason };
        if (sender === null) throw new Error('The gate let a message pass that has no sender.');
        if (mayHaveManyTexts(row) && (await many.load(contact.id))) {
          toHold.set(row.id, 'too_many_texts');
          return { refused: { code: 'too_many_texts' } };
        }
        const id = ids.uuid();
        collected.set(row.id, { id, row, sender, draft, later: verdict.kind === 'later' ? verdict : null });
        return { queued: id };
      },
    }),
    reads: [gate, many],
    write: (enrollments) =>
      queueMessages(
        work,
        { flowId },
        [...collected.values()]
          .filter(({ row }) => enrollments.has(row.id))
          .map(({ id, row, sender, draft, later }) => ({
            id,
            contactId: row.contact.id,
            number: row.contact.phone,
            sender,
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
