import type { ContactView, Purpose, SoughtText } from '@signalbox/nodes/define/ports';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { type FilledIn, fillIn } from '@signalbox/nodes/templates/fill-in';
import { TemplateError } from '@signalbox/nodes/templates/template-error';
import { firstZone } from '@signalbox/nodes/time/zoned-time';
import { readHome } from '../access/home.ts';
import type { Work } from '../db/work.ts';
import { findTexts } from '../versions/find-texts.ts';
import { messageNode } from './shape.ts';

/** What a campaign's first message says. */
export type CampaignMessage = {
  readonly sought: SoughtText;
  readonly purpose: Purpose;
  readonly media: readonly string[];
  readonly shortenLinks: boolean;
};

/** The first message that a flow sends, in the order of its steps; null where there is none, or it is not written yet. */
export function firstMessage(graph: FlowGraph): CampaignMessage | null {
  const step = graph.steps.find(({ type }) => type === messageNode.type);
  const config = messageNode.config.safeParse(step?.config).data;
  if (config === undefined) return null;
  const { source, text, missing, template, purpose, media, shorten_links: shortenLinks } = config;
  const sought = source === 'text' || template === null ? { written: { text, missing } } : { template };
  return { sought, purpose, media, shortenLinks };
}

/** A person's text, or why there is none. */
export type PersonsText =
  | { readonly kind: 'text'; readonly text: string; readonly hasGaps: boolean }
  | { readonly kind: 'left_out'; readonly code: string; readonly values: Readonly<Record<string, string>> };

/** What each of some people would get, as the message's step fills it in; in their order. */
export async function textsFor(
  work: Work,
  message: CampaignMessage,
  people: readonly ContactView[],
): Promise<PersonsText[]> {
  const { timeZone } = await readHome(work);
  const texts = await findTexts(
    work,
    people.map(({ language }) => ({ sought: message.sought, language })),
  );
  return people.map((contact, index): PersonsText => {
    const text = texts[index] ?? null;
    if (text === null) return leftOut('template_gone');
    try {
      const zone = firstZone(contact.time_zone, timeZone);
      return read(fillIn(text, { contact, event: null, now: work.now, zone }));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return leftOut('template_failed', { problem: error.code, message: error.message });
    }
  });
}

function read(filled: FilledIn): PersonsText {
  if (filled.kind === 'skip') return leftOut('value_missing', { variable: filled.variable });
  if (filled.text === '') return leftOut('message_empty');
  return { kind: 'text', text: filled.text, hasGaps: filled.gaps.length > 0 };
}

const leftOut = (code: string, values: Readonly<Record<string, string>> = {}): PersonsText => ({
  kind: 'left_out',
  code,
  values,
});
