import type { StoredContact } from '@signalbox/nodes/define/contact-fields';
import type { ContactView, Purpose } from '@signalbox/nodes/define/ports';
import { describeReasonOf } from '@signalbox/nodes/define/reasons';
import { sampleCodes } from '@signalbox/nodes/templates/codes';
import { fillIn, missableVariables } from '@signalbox/nodes/templates/fill-in';
import { type TemplateContent, textInLanguage } from '@signalbox/nodes/templates/template-content';
import { TemplateError } from '@signalbox/nodes/templates/template-error';
import type { TemplateData } from '@signalbox/nodes/templates/templates';
import { countSegments } from '@signalbox/nodes/text/segments';
import { firstZone } from '@signalbox/nodes/time/zoned-time';
import { sql } from 'kysely';
import { readHome } from '../access/home.ts';
import { storedColumns } from '../db/stored-columns.ts';
import type { Work } from '../db/work.ts';
import { readFacts } from '../gate/facts.ts';
import { shown } from '../http/ids.ts';
import { chooseSenders, readRouting, withoutProbes } from '../routing/store.ts';
import { findTexts } from '../versions/find-texts.ts';
import type { TemplatePreview } from './contract.ts';
import { type Measured, showPeople } from './show-people.ts';

/** People whom a draw takes, and out of how many of the newest. */
const mostPeople = 500;
const drawnFrom = 100_000;

export type PreviewAsked = {
  readonly content: TemplateContent;
  readonly purpose: Purpose;
  /** Only people of this list; null for everybody. */
  readonly listId: string | null;
  readonly seed: number;
};

type Person = ContactView & { readonly name: string | null };

/**
 * A text as twenty real people would get it: the longest, those of whom something is not known, the dearest, and others. Five hundred are
 * drawn, and these are chosen out of them; the same seed draws the same people. Nothing is written, and the gate is not asked.
 */
export async function previewTemplate(work: Work, asked: PreviewAsked): Promise<TemplatePreview> {
  const people = await drawPeople(work, asked);
  const home = await readHome(work);
  const texts = await findTexts(
    work,
    people.map(({ language }) => {
      const { text, missing } = textInLanguage(asked.content, language);
      return { sought: { written: { text, missing } }, language };
    }),
  );
  const filled = people.map((person, index) => {
    const { language } = textInLanguage(asked.content, person.language);
    const text = texts[index] ?? null;
    if (text === null) return { person, language, ...nothing('template_gone', {}) };
    return { person, language, ...fillFor(text, person, work.now, firstZone(person.time_zone, home.timeZone)) };
  });
  const prices = await segmentPrices(work, asked.purpose, people, filled);
  const measured = filled.map(({ person, language, text, reason, gaps }, index): Measured => {
    const { segments, encoding } = countSegments(text ?? '');
    const { price = null, country = null } = prices[index] ?? {};
    return {
      contact: { id: shown('contact', person.id), name: person.name, phone: person.phone },
      language,
      country,
      text,
      reason,
      gaps,
      segments: text === null ? 0 : segments,
      encoding,
      microUnits: text === null || price === null ? null : price * segments,
    };
  });
  return {
    data: showPeople(measured, home.currency),
    looked_at: measured.length,
    with_gaps: measured.filter(({ gaps }) => gaps.length > 0).length,
    left_out: measured.filter(({ text }) => text === null).length,
  };
}

type Filled = Pick<Measured, 'text' | 'reason' | 'gaps'>;

function nothing(code: string, values: Record<string, string>, gaps: readonly string[] = []): Filled {
  return { text: null, reason: describeReasonOf({ code, values }, []), gaps: [...gaps] };
}

/** What a flow brings along stands for itself: a reply, and the details of an event by their names. */
function eventFor(source: string): TemplateData['event'] {
  const details = missableVariables(source).filter((variable) => variable.startsWith('event.data.'));
  const names = details.map((variable) => variable.slice('event.data.'.length));
  return { type: 'message.received', text: 'Yes', data: Object.fromEntries(names.map((name) => [name, `[${name}]`])) };
}

function fillFor(text: Parameters<typeof fillIn>[0], contact: Person, now: Date, zone: string): Filled {
  try {
    const codes = sampleCodes(text.text);
    const filled = fillIn(text, { contact, event: eventFor(text.text), now, zone, codes });
    if (filled.kind === 'skip') return nothing('value_missing', { variable: filled.variable }, filled.gaps);
    return { text: filled.text, reason: null, gaps: [...filled.gaps] };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return nothing('template_failed', { message: error.message });
  }
}

async function drawPeople({ tx, workspaceId }: Work, { listId, seed }: PreviewAsked): Promise<Person[]> {
  // Of a list its own rows are read: among a million people they may be ten.
  const newest =
    listId === null
      ? sql`SELECT id FROM contacts WHERE workspace_id = ${workspaceId} AND deleted_at IS NULL ORDER BY id DESC LIMIT ${drawnFrom}`
      : sql`SELECT k.contact_id AS id FROM contact_list_members k JOIN contacts p ON p.workspace_id = k.workspace_id AND p.id = k.contact_id AND p.deleted_at IS NULL
          WHERE k.workspace_id = ${workspaceId} AND k.list_id = ${listId} ORDER BY k.contact_id DESC LIMIT ${drawnFrom}`;
  const { rows } = await sql<StoredContact & Pick<Person, 'id' | 'attributes' | 'name'>>`
    WITH drawn AS MATERIALIZED (
      SELECT id FROM (${newest}) newest ORDER BY hashtextextended(id::text, ${seed}), id LIMIT ${mostPeople}
    )
    SELECT c.id, ${storedColumns('c')}, c.attributes, nullif(concat_ws(' ', c.first_name, c.last_name), '') AS name
    FROM drawn JOIN contacts c ON c.workspace_id = ${workspaceId} AND c.id = drawn.id
    ORDER BY hashtextextended(c.id::text, ${seed}), c.id`.execute(tx);
  return rows;
}

/** What a segment to each of them would cost, by the sender that their message would take. */
async function segmentPrices(
  work: Work,
  purpose: Purpose,
  people: readonly Person[],
  filled: readonly Filled[],
): Promise<ReadonlyArray<{ readonly price: number | null; readonly country: string | null }>> {
  const routing = withoutProbes(await readRouting(work, work.now));
  const addressees = people.map(({ id, phone }) => ({ contactId: id, number: phone, purpose, preferredSender: null }));
  const chosen = await chooseSenders(work, routing, addressees, work.now);
  const facts = await readFacts(
    work,
    addressees.map(({ contactId, number }, index) => ({
      contactId,
      number,
      purpose,
      lane: 'campaign',
      text: filled[index]?.text ?? '',
      segments: 1,
      flowId: null,
      sender: chosen[index]?.sender.address ?? null,
      queued: null,
    })),
  );
  return facts.map(({ segmentPrice, place }) => ({ price: segmentPrice, country: place.country }));
}
