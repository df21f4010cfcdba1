import { readContactField } from '../define/contact-fields.ts';
import type { MessageText } from '../define/message-text.ts';
import { type Sentence, sentencesOf } from './sentences.ts';
import { checkTemplate, isKnownVariable, renderTemplate, type TemplateData, templateVariables } from './templates.ts';

/** A text as one person gets it, or that they do not get it. */
export type FilledIn =
  | {
      readonly kind: 'text';
      readonly text: string;
      /** What the text names and nothing is known of. */
      readonly gaps: readonly string[];
    }
  | { readonly kind: 'skip'; readonly variable: string; readonly gaps: readonly string[] };

type Piece = Sentence & { readonly variables: readonly string[] };
type Reading = { readonly variables: readonly string[]; readonly pieces: () => readonly Piece[] };

const readings = new Map<string, Reading>();
const mostReadings = 500;

/** What a text names, and where: read once and kept for the next person. */
function readingOf(source: string): Reading {
  const known = readings.get(source);
  if (known !== undefined) return known;
  let pieces: readonly Piece[] | undefined;
  const reading: Reading = {
    variables: templateVariables(source).filter(mayBeMissing),
    pieces: () => {
      pieces ??= piecesOf(source);
      return pieces;
    },
  };
  readings.set(source, reading);
  const oldest = readings.keys().next();
  if (readings.size > mostReadings && oldest.done !== true) readings.delete(oldest.value);
  return reading;
}

/** The sentences of a text with what each names; the whole where a sentence of it cannot be read by itself. */
function piecesOf(source: string): Piece[] {
  const sentences = sentencesOf(source);
  if (sentences.some((sentence) => checkTemplate(sentence.source) !== null))
    return [{ source, stays: false, variables: templateVariables(source) }];
  return sentences.map((sentence) => ({ ...sentence, variables: templateVariables(sentence.source) }));
}

/** Whether there may be people without a value for a variable. */
export function mayBeMissing(variable: string): boolean {
  return isKnownVariable(variable) && variable !== 'now';
}

/** What a text names that some people may have no value for. @throws TemplateError where it cannot be read. */
export function missableVariables(source: string): readonly string[] {
  return readingOf(source).variables;
}

/**
 * Fills in a text for one person, with what it does where something is not known of them: says something else, leaves out the sentence, or
 * leaves out the person.
 *
 * @throws TemplateError as `renderTemplate`.
 */
export function fillIn({ text: source, missing }: MessageText, data: TemplateData): FilledIn {
  const { variables, pieces } = readingOf(source);
  const gaps = variables.filter((variable) => isMissing(variable, data));
  const policies = missing.filter(({ variable }) => gaps.includes(variable));
  const skipping = policies.find((policy) => policy.do === 'skip');
  if (skipping !== undefined) return { kind: 'skip', variable: skipping.variable, gaps };
  const leftOut = policies.flatMap((policy) => (policy.do === 'leave_out' ? [policy.variable] : []));
  const shown =
    leftOut.length === 0
      ? source
      : pieces()
          .filter((sentence) => sentence.stays || !sentence.variables.some((variable) => leftOut.includes(variable)))
          .map((sentence) => sentence.source)
          .join('');
  const said = Object.fromEntries(
    policies.flatMap((policy) => (policy.do === 'say' ? [[policy.variable, policy.say] as const] : [])),
  );
  return { kind: 'text', text: renderTemplate(shown, { ...data, said }).trim(), gaps };
}

function isMissing(variable: string, data: TemplateData): boolean {
  const value = valueAt(variable, data);
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
}

function valueAt(variable: string, { contact, event, codes = {} }: TemplateData): unknown {
  const attribute = keyUnder('contact.attributes.', variable);
  if (attribute !== null) {
    const value = Object.hasOwn(contact.attributes, attribute) ? contact.attributes[attribute] : null;
    return Array.isArray(value) && value.length === 0 ? null : value;
  }
  const field = keyUnder('contact.', variable);
  if (field !== null) return readContactField(contact, field);
  const detail = keyUnder('event.data.', variable);
  if (detail !== null) return event !== null && Object.hasOwn(event.data, detail) ? event.data[detail] : null;
  const pool = keyUnder('codes.', variable);
  if (pool !== null) return Object.hasOwn(codes, pool) ? codes[pool] : null;
  return variable === 'reply.text' ? event?.text : event?.type;
}

function keyUnder(prefix: string, variable: string): string | null {
  return variable.startsWith(prefix) ? variable.slice(prefix.length) : null;
}
