import type { AnyNode } from '../define/define-node.ts';
import type { Problem } from '../define/problems.ts';
import { formatMessage } from '../text/format-message.ts';
import type { Misfit } from './misfits.ts';

const texts = {
  flow: 'The flow',
  step: 'The step {id}',
  titled: 'The step {id} (“{title}”)',
  field: '{place}, {field}',
  line: '{place}: {text}',
} as const;

/** What a line says of a step. */
type LineStep = { readonly id: string; readonly type: string; readonly name?: string | undefined };
/** The node of a type, where there is one. */
type Library = (type: string) => Pick<AnyNode, 'title'> | undefined;

/** A problem in one line for whoever wrote the flow in code: the step, the setting, what is wrong and what to do. */
export function problemLine(problem: Problem, steps: readonly LineStep[], library: Library): string {
  const { step_id, path, title, fix } = problem;
  const text = `${sentence(title)} ${fix}`;
  if (step_id === undefined) return formatMessage(texts.line, { place: texts.flow, text });
  const step = steps.find(({ id }) => id === step_id);
  const place = stepInWords(step ?? { id: step_id }, step === undefined ? undefined : library(step.type));
  return formatMessage(texts.line, {
    place: path[0] === 'config' ? fieldInWords(place, path.slice(1)) : place,
    text,
  });
}

/** Where a value does not fit, in one line: the place, the field in it and what is needed there. */
export function misfitLine(place: string, { path, message }: Misfit): string {
  return formatMessage(texts.line, { place: fieldInWords(place, path), text: sentence(message) });
}

/** A step as messages to authors name it: as the code calls it, and by the name that the editor shows or else its node's title. */
export function stepInWords({ id, name }: Omit<LineStep, 'type'>, node?: Pick<AnyNode, 'title'>): string {
  // A step that a plain workflow declares is named as it is called; only its id has no dashes.
  const declared = name?.replaceAll('-', '_') === id;
  const called = declared ? (name ?? id) : id;
  const title = declared ? node?.title : (name ?? node?.title);
  return title === undefined
    ? formatMessage(texts.step, { id: called })
    : formatMessage(texts.titled, { id: called, title });
}

/** A place with the field in it, written as code writes it: `timeout.amount`, `keywords[0]`. */
function fieldInWords(place: string, path: ReadonlyArray<string | number>): string {
  const field = path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`;
    return before === '' ? key : `${before}.${key}`;
  }, '');
  return field === '' ? place : formatMessage(texts.field, { place, field });
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
