import { contactOf } from '../define/contact-fields.ts';
import type { MessageText, MissingValue } from '../define/message-text.ts';
import { replaceLinks } from '../text/links.ts';
import { countSegments, type SegmentCount } from '../text/segments.ts';
import type { LinkLook } from '../text/utm.ts';
import { sampleCodes } from './codes.ts';
import { fillIn } from './fill-in.ts';
import { TemplateError } from './template-error.ts';
import { renderTemplate, type TemplateData } from './templates.ts';

/** A rendering and what it takes to send it. */
export type MeasuredText = SegmentCount & { readonly text: string };

/** The longest values to expect, by variable path, such as `contact.first_name`. */
export type WorstCaseValues = Readonly<Record<string, string>>;

/** Lengths to reckon with where nothing is known about the real ones. */
const reckonedLengths = {
  attribute: 40,
  reply: 160,
  sampleNumber: 12,
  longNumber: 123_456.78,
} as const;

/** Someone to show a message with. */
export const sampleData: TemplateData = {
  contact: { ...contactOf((field) => field.sample), attributes: {} },
  event: { type: 'message.received', text: 'Yes', data: {} },
  now: new Date('2026-03-02T15:00:00Z'),
};

/**
 * The message as `data` (by default a sample person) would get it.
 *
 * @param links how each link looks where it does not go out as it is written.
 * @throws TemplateError
 */
export function measureSample(
  source: string,
  data: TemplateData = sampleData,
  links: LinkLook | null = null,
  missing: readonly MissingValue[] = [],
): MeasuredText {
  const shown = { codes: sampleCodes(source), ...data, measuredNumber: reckonedLengths.sampleNumber };
  return measure(filled(source, shown, missing), links);
}

/** A text as somebody gets it; whoever would be left out gets it as it is written, so that there is something to measure. */
function filled(source: string, data: TemplateData, missing: readonly MissingValue[]): string {
  const done = missing.length === 0 ? null : fillIn({ text: source, missing }, data);
  return done?.kind === 'text' ? done.text : renderTemplate(source, data);
}

/**
 * The longest message to expect: filled in with the longest values and, since defaults can be longer still, with none.
 * Fields without a given value count with the longest that the list of contact fields reckons with, attributes with 40, a reply with
 * 160. It is an
 * estimate: a condition in the template may choose a longer text for other values.
 *
 * @throws TemplateError
 */
export function measureWorstCase(
  source: string,
  variables: readonly string[],
  values: WorstCaseValues = {},
  links: LinkLook | null = null,
  missing: readonly MissingValue[] = [],
): MeasuredText {
  const longest = { ...worstCaseData(variables, values), codes: sampleCodes(source) };
  const full = measure(renderTemplate(source, longest), links);
  const empty = measure(filled(source, { ...emptyData, measuredNumber: 0 }, missing), links);
  if (full.segments !== empty.segments) return full.segments > empty.segments ? full : empty;
  return full.characters >= empty.characters ? full : empty;
}

/** Why somebody about whom nothing is known would fail; null where they would not. */
export function failureWithoutValues(text: MessageText): TemplateError | null {
  try {
    fillIn(text, emptyData);
    return null;
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
}

const emptyData: TemplateData = {
  contact: { ...contactOf((field) => (field.always ? field.sample : null)), attributes: {} },
  event: null,
  now: sampleData.now,
};

function worstCaseData(variables: readonly string[], values: WorstCaseValues): TemplateData {
  const value = (path: string, length: number) => values[path] ?? 'W'.repeat(length);
  const under = (prefix: string) =>
    Object.fromEntries(
      variables
        .filter((path) => path.startsWith(prefix))
        .map((path) => [path.slice(prefix.length), value(path, reckonedLengths.attribute)]),
    );
  return {
    contact: {
      ...contactOf((field, name) => {
        const longest = field.longest ?? field.sample;
        return field.type === 'text' ? (values[`contact.${name}`] ?? longest) : longest;
      }),
      attributes: under('contact.attributes.'),
    },
    event: {
      type: 'message.received',
      text: value('reply.text', reckonedLengths.reply),
      data: under('event.data.'),
    },
    now: sampleData.now,
    measuredNumber: reckonedLengths.longNumber,
  };
}

function measure(rendered: string, links: LinkLook | null): MeasuredText {
  const text = links === null ? rendered : replaceLinks(rendered, links);
  return { text, ...countSegments(text) };
}
