import type { StoredContact } from '@signalbox/nodes/define/contact-fields';
import type { ContactView } from '@signalbox/nodes/define/ports';
import { sql } from 'kysely';
import type { NumberDeps } from '../contacts/numbers.ts';
import { storedColumns } from '../db/stored-columns.ts';
import type { Work } from '../db/work.ts';
import { readShown, shown } from '../http/ids.ts';
import { fieldProblem } from '../http/problems.ts';
import { showReason } from '../http/reasons.ts';
import { fieldTexts } from '../http/texts.ts';
import { sendMessages } from '../inbox/send-messages.ts';
import type { LinkMaker } from '../links/shorten.ts';
import { type CampaignMessage, textsFor } from './message.ts';

export type Tested = {
  readonly id: string;
  readonly contact_id: string;
  readonly state: 'queued' | 'refused' | 'left_out';
  readonly reason: { readonly code: string; readonly text: string } | null;
};

/**
 * Sends a campaign's message to some people as it is filled in for each, through the gate, outside of its flow: it counts in no result.
 *
 * @throws ProblemError `validation_failed` at whoever is nobody.
 */
export async function sendTest(
  deps: NumberDeps & { readonly links: LinkMaker },
  work: Work,
  message: CampaignMessage,
  contactIds: readonly string[],
): Promise<Tested[]> {
  const people = await readPeople(work, contactIds);
  const texts = await textsFor(work, message, people);
  const tested: Tested[] = [];
  for (const [index, { id }] of people.entries()) {
    const text = texts[index];
    const contactId = shown('contact', id);
    if (text === undefined || text.kind === 'left_out') {
      tested.push({
        id,
        contact_id: contactId,
        state: 'left_out',
        reason: say(text ?? { code: 'template_gone' }),
      });
      continue;
    }
    const [sent] = await sendMessages(deps, work, {
      messages: [{ contact_id: contactId, text: text.text, media: message.media }],
      purpose: message.purpose,
      lane: undefined,
      sender: undefined,
      sendAt: undefined,
      validMs: undefined,
      shortening: message.shortenLinks ? deps.links : null,
    });
    tested.push({ id, contact_id: contactId, state: sent?.state ?? 'refused', reason: say(sent?.reason) });
  }
  return tested;
}

function say(reason: unknown): Tested['reason'] {
  const found = showReason(reason);
  return found === null ? null : { code: found.code, text: found.text };
}

async function readPeople({ tx, workspaceId }: Work, contactIds: readonly string[]): Promise<ContactView[]> {
  const ids = contactIds.map((text) => readShown('contact', text));
  const { rows } = await sql<StoredContact & Pick<ContactView, 'id' | 'attributes'>>`
    SELECT id, ${storedColumns('contacts')}, attributes FROM contacts
    WHERE workspace_id = ${workspaceId} AND id = ANY(${ids}::uuid[]) AND deleted_at IS NULL`.execute(tx);
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id, index) => {
    const person = found.get(id ?? '');
    if (person === undefined) throw fieldProblem(['contact_ids', index], 'contact_unknown', fieldTexts.contact_unknown);
    return person;
  });
}
