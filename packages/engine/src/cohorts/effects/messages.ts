import type { MessageDraft, Ports } from '@signalbox/nodes/define/ports';
import type { SentMedia } from '@signalbox/nodes/gate/define-rule';
import { askBeforeQueueing } from '../../gate/ask.ts';
import type { GateKey } from '../../gate/facts.ts';
import { shortenedSegments, shortenLinks } from '../../links/shorten.ts';
import { readFiles } from '../../media/read-media.ts';
import type { Chosen } from '../../routing/choose-sender.ts';
import { chooseSenders, type Routing, readRouting } from '../../routing/store.ts';
import { createBatchLoader } from '../../runtime/batch-loader.ts';
import { type Later, queueMessages } from '../../sending/queue.ts';
import type { CohortRow } from '../cohort-rows.ts';
import type { HeldReason } from '../hold.ts';
import { hadManyTexts, mayHaveManyTexts } from '../text-limit.ts';
import { defineEffect } from './define-effect.ts';

type QueuedMessage = {
  readonly id: string;
  readonly row: CohortRow;
  readonly chosen: Chosen;
  readonly draft: MessageDraft;
  readonly media: readonly SentMedia[];
  readonly later: Later | null;
};

/** Asks the gate, and queues the messages that it lets pass. Whoever had too many texts of the flow lately is held where they are. */
export const messages = defineEffect<Ports['messages']>((context) => {
  const { tx, workspaceId, now, flowId, isCampaign, ids, links, onQueued } = context;
  const work = { tx, workspaceId, now };
  let routing: Promise<Routing> | null = null;
  const collected = new Map<string, QueuedMessage>();
  const toHold = new Map<string, HeldReason>();
  type Asked = Omit<GateKey, 'sender' | 'media'> & {
    readonly preferredSender: string | null;
    readonly mediaIds: readonly string[];
  };
  const gate = createBatchLoader(async (asked: readonly Asked[]) => {
    routing ??= readRouting(work, now);
    const people = asked.map((each) => ({ ...each, hasMedia: each.mediaIds.length > 0 }));
    const chosen = await chooseSenders(work, await routing, people, now);
    const files = await readFiles(work, asked);
    const keys = asked.map((each, index) => ({
      ...each,
      sender: chosen[index]?.sender.address ?? null,
      media: files[index] ?? [],
    }));
    const verdicts = await askBeforeQueueing(work, keys, null);
    return verdicts.map((verdict, index) => ({
      verdict,
      chosen: chosen[index] ?? null,
      media: (files[index] ?? []).filter((file) => file !== null),
    }));
  });
  const many = createBatchLoader((contactIds: readonly string[]) => hadManyTexts(work, flowId, contactIds));

  return {
    bind: (row) => ({
      queue: async (asStep) => {
        const draft = isCampaign && asStep.lane === 'journey' ? { ...asStep, lane: 'campaign' as const } : asStep;
        const { contact } = row;
        const { media: mediaIds = [], ...asked } = draft;
        const { verdict, chosen, media } = await gate.load({
          ...asked,
          mediaIds,
          contactId: contact.id,
          number: contact.phone,
          preferredSender: row.eventSender,
          queued: null,
          segments: shortenedSegments(draft),
          flowId,
        });
        if (verdict.kind === 'refuse') return { refused: verdict.reason };
        if (chosen === null) throw new Error('The gate let a message pass that has no sender.');
        if (mayHaveManyTexts(row) && (await many.load(contact.id))) {
          toHold.set(row.id, 'too_many_texts');
          return { refused: { code: 'too_many_texts' } };
        }
        const id = ids.uuid();
        collected.set(row.id, { id, row, chosen, draft, media, later: verdict.kind === 'later' ? verdict : null });
        return { queued: id };
      },
    }),
    reads: [gate, many],
    write: async (enrollments) => {
      const entries = [...collected.values()]
        .filter(({ row }) => enrollments.has(row.id))
        .map(({ id, row, chosen, draft, media, later }) => ({
          id,
          contactId: row.contact.id,
          number: row.contact.phone,
          sender: chosen.sender,
          routeId: chosen.routeId,
          enrollmentId: row.id,
          hop: row.hop,
          draft,
          media,
          later,
          exemption: null,
        }));
      await queueMessages(work, { flowId }, await shortenLinks(links, work, { flowId }, entries));
    },
    discard: (enrollmentId) => {
      collected.delete(enrollmentId);
    },
    toHold,
    committed: () => {
      if (collected.size > 0) onQueued();
    },
  };
});
