import type { MessageDraft } from '@signalbox/nodes/define/ports';
import { reckonedShortLink, replaceLinks, writtenLinks } from '@signalbox/nodes/text/links';
import { countSegments } from '@signalbox/nodes/text/segments';
import { sql } from 'kysely';
import { readHome } from '../access/home.ts';
import { textArray, uuidArray } from '../db/array-literals.ts';
import type { Work } from '../db/work.ts';

/** What short links are made with. */
export type LinkMaker = {
  /** Origin under which the engine is reached: where links of a workspace without a domain of its own lead. */
  readonly publicUrl: string;
  readonly code: () => string;
};

/** A link is followed for this long. */
export const linkLifeMs = 365 * 86_400_000;

/** What every short link of a workspace begins with: its own domain, or the engine's address. */
export function linkBase(publicUrl: string, linkDomain: string | null): string {
  return linkDomain === null ? `${publicUrl}/l/` : `https://${linkDomain}/`;
}

/** How many segments a message will take once its links are shortened; null where it is sent as it stands. */
export function shortenedSegments({ text, shortenLinks: shorten }: MessageDraft): number | null {
  return shorten === true ? countSegments(replaceLinks(text, () => reckonedShortLink)).segments : null;
}

type Shortened = {
  readonly id: string;
  readonly contactId: string;
  readonly draft: MessageDraft;
};

/**
 * Puts a short link in the place of every link of the messages that ask for it, each with a code of its own, and writes down where they
 * lead. One statement for any number of messages, after one that reads the workspace's domain; none where there is nothing to shorten.
 *
 * @returns the messages with the texts that go out, in order.
 */
export async function shortenLinks<M extends Shortened>(
  maker: LinkMaker,
  work: Work,
  { flowId }: { readonly flowId: string | null },
  messages: readonly M[],
): Promise<readonly M[]> {
  const asked = messages.some(({ draft }) => draft.shortenLinks === true && writtenLinks(draft.text).length > 0);
  if (!asked) return messages;
  const { linkDomain } = await readHome(work);
  const base = linkBase(maker.publicUrl, linkDomain);
  const made: Array<{ code: string; target: string; messageId: string; contactId: string }> = [];
  const shortened = messages.map((message): M => {
    const { id: messageId, contactId, draft } = message;
    if (draft.shortenLinks !== true) return message;
    const text = replaceLinks(draft.text, (target) => {
      if (target.startsWith(base)) return target;
      const code = maker.code();
      made.push({ code, target, messageId, contactId });
      return base + code;
    });
    return { ...message, draft: { ...draft, text } };
  });
  if (made.length === 0) return messages;
  const { tx, workspaceId, now } = work;
  await sql`
    INSERT INTO links (workspace_id, code, message_id, contact_id, flow_id, host, target, created_at, expires_at)
    SELECT ${workspaceId}::uuid, x.code, x.message_id, x.contact_id, ${flowId}::uuid, ${linkDomain}, x.target, ${now}, ${new Date(now.getTime() + linkLifeMs)}
    FROM unnest(
      ${textArray(made.map(({ code }) => code))}::text[], ${uuidArray(made.map(({ messageId }) => messageId))}::uuid[],
      ${uuidArray(made.map(({ contactId }) => contactId))}::uuid[], ${textArray(made.map(({ target }) => target))}::text[]
    ) AS x(code, message_id, contact_id, target)`.execute(tx);
  return shortened;
}
