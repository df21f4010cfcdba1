import type { Reason } from '@signalbox/nodes/define/decision';
import type { Lane, Purpose } from '@signalbox/nodes/define/ports';
import { readHome } from '../access/home.ts';
import type { NumberDeps } from '../contacts/numbers.ts';
import { type Named, readRecipients } from '../contacts/recipients.ts';
import type { Work } from '../db/work.ts';
import { askBeforeQueueing } from '../gate/ask.ts';
import type { ProblemErrorEntry } from '../http/problems.ts';
import { type FieldCode, fieldTexts } from '../http/texts.ts';
import { type LinkMaker, shortenedSegments, shortenLinks } from '../links/shorten.ts';
import { readFiles } from '../media/read-media.ts';
import { chooseSenders, readRouting } from '../routing/store.ts';
import { type Later, queueLifeMs, queueMessages, storeRefused } from '../sending/queue.ts';

/** A message that somebody asks over the API to be sent: to a contact, or to a number, which becomes one. */
export type AskedMessage = Named & { readonly text: string; readonly media?: readonly string[] };

export type SendRequest = {
  readonly messages: readonly AskedMessage[];
  readonly purpose: Purpose;
  readonly lane: Lane | undefined;
  /** One of the workspace's senders; its first unless given. */
  readonly sender: string | undefined;
  /** Not before; at once unless given. */
  readonly sendAt: Date | undefined;
  /** How long a message may wait for its turn; a day unless given. */
  readonly validMs: number | undefined;
  /** What links are shortened with; null where they go out as they stand. */
  readonly shortening: LinkMaker | null;
};

/** What became of one: `id` is null where there was nothing to send it from, so that it could not even be written down. */
export type SentMessage = {
  readonly id: string | null;
  readonly contactId: string;
  readonly number: string;
  readonly state: 'queued' | 'refused';
  /** Why it will not go out, or not at once. */
  readonly reason: Reason | null;
};

/** Lanes where the request names none. */
export const laneOf: Readonly<Record<Purpose, Lane>> = {
  marketing: 'campaign',
  transactional: 'transactional',
  conversational: 'reply',
  otp: 'otp',
};
/** How far ahead a message may be scheduled. */
const furthestMs = 90 * 86_400_000;

/**
 * Queues messages for whom they are asked for, each through the gate; who is not known yet becomes a contact. A message that the gate
 * refuses is written down as refused.
 *
 * @returns what became of each, in order.
 * @throws ProblemError `validation_failed` at every recipient that is none, at a sender that is not the workspace's and at a moment that is
 * too far off: then nothing is sent.
 */
export async function sendMessages(deps: NumberDeps, work: Work, request: SendRequest): Promise<SentMessage[]> {
  const { purpose, shortening } = request;
  const [routing, home] = await Promise.all([readRouting(work, work.now), readHome(work)]);
  const errors = requestErrors(work.now, request, new Set(routing.senders.map(({ address }) => address)));
  const files = await readFiles(
    work,
    request.messages.map(({ media = [] }) => ({ mediaIds: media })),
  );
  for (const [index, list] of files.entries())
    for (const [place, file] of list.entries())
      if (file === null) errors.push(entry(['messages', index, 'media', place], 'media_unknown'));
  const people = await readRecipients(deps, work, request.messages, 'messages', errors, home);
  const lane = request.lane ?? laneOf[purpose];
  const drafts = people.map((person, index) => ({
    ...person,
    id: deps.ids.uuid(),
    media: (files[index] ?? []).filter((file) => file !== null),
    draft: { text: request.messages[index]?.text ?? '', purpose, lane, shortenLinks: shortening !== null },
  }));
  const preferredSender = request.sender ?? null;
  const chosen = await chooseSenders(
    work,
    routing,
    drafts.map(({ contactId, number, media }) => ({
      contactId,
      number,
      purpose,
      preferredSender,
      hasMedia: media.length > 0,
    })),
    work.now,
  );
  const verdicts = await askBeforeQueueing(
    work,
    drafts.map(({ contactId, number, draft, media }, index) => ({
      ...draft,
      media,
      contactId,
      number,
      sender: chosen[index]?.sender.address ?? null,
      queued: null,
      segments: shortenedSegments(draft),
      flowId: null,
    })),
    null,
  );
  const asked = drafts.map((each, index) => {
    const verdict = verdicts[index] ?? { kind: 'send' as const };
    const from = chosen[index] ?? null;
    return { ...each, verdict, from: from === null ? null : { sender: from.sender, routeId: from.routeId } };
  });
  const queued = asked.flatMap(({ verdict, from, ...entry }) => {
    if (verdict.kind === 'refuse' || from === null) return [];
    const put = verdict.kind === 'later' ? verdict : null;
    const later = latest(put, scheduled(work.now, request.sendAt));
    const validMs = request.validMs ?? queueLifeMs;
    return [{ ...entry, ...from, enrollmentId: null, hop: null, exemption: null, later, validMs }];
  });
  const outgoing = shortening === null ? queued : await shortenLinks(shortening, work, { flowId: null }, queued);
  await queueMessages(work, { flowId: null }, outgoing);
  await storeRefused(
    work,
    asked.flatMap(({ verdict, from, ...entry }) =>
      verdict.kind === 'refuse' && from !== null ? [{ ...entry, ...from, reason: verdict.reason }] : [],
    ),
  );
  const waits = new Map(queued.map(({ id, later }) => [id, later?.reason ?? null]));
  return asked.map(({ id, contactId, number, verdict, from }) =>
    verdict.kind === 'refuse'
      ? { id: from === null ? null : id, contactId, number, state: 'refused', reason: verdict.reason }
      : { id, contactId, number, state: 'queued', reason: waits.get(id) ?? null },
  );
}

function scheduled(now: Date, sendAt: Date | undefined): Later | null {
  return sendAt === undefined || sendAt <= now ? null : { until: sendAt, reason: { code: 'scheduled' } };
}

function latest(first: Later | null, second: Later | null): Later | null {
  if (first === null || second === null) return first ?? second;
  return first.until >= second.until ? first : second;
}

const entry = (path: ReadonlyArray<string | number>, code: FieldCode): ProblemErrorEntry => ({
  path,
  code,
  message: fieldTexts[code],
});

function requestErrors(now: Date, { sender, sendAt }: SendRequest, senders: ReadonlySet<string>): ProblemErrorEntry[] {
  const errors: ProblemErrorEntry[] = [];
  if (sender !== undefined && !senders.has(sender)) errors.push(entry(['sender'], 'sender_unknown'));
  if (sendAt !== undefined && sendAt.getTime() > now.getTime() + furthestMs)
    errors.push(entry(['send_at'], 'send_at_invalid'));
  return errors;
}
