import { type Change, fieldValue, same } from './changes.ts';
import type { FlowDocument } from './document.ts';

type LineChange = Extract<Change, { at: 'line' }>;
type Line = { readonly from: string; readonly outlet: string; readonly to: string };

/**
 * The changes that can be made without taking back what somebody else did. A change fits where its place still is as it was before
 * it. Where others have led lines to or from a step that goes or comes, lines join up around it, as when a step is deleted or put
 * onto a line. A step that somebody else changed does not go, nor one whose going would leave another with nothing leading to it.
 */
export function fittingChanges(document: FlowDocument, changes: readonly Change[]): Change[] {
  const changed = changes.filter(
    (change) => goes(change) && document.steps[change.id] !== undefined && !fits(document, change),
  );
  const left = withoutSteps(changes, idsOf(changed));
  const rest = left.filter((change) => change.at !== 'line' && fits(document, change));
  const gone = idsOf(rest.filter(goes));
  const come = idsOf(rest.filter(comes));
  const exact = left.filter((change) => isLine(change) && fits(document, change)).filter(isLine);
  const foreign = linesOf(document).filter(
    (line) => (gone.has(line.from) || gone.has(line.to)) && !exact.some((change) => samePlace(change, line)),
  );
  const around = [
    ...joinedAround(document, exact, foreign, gone),
    ...foreign.filter((line) => !gone.has(line.from)).map((line) => past(document, line, foreign, gone)),
  ];
  const lines = ontoLines(document, left.filter(isLine), around, come).flatMap((change) => {
    const { after, before } = change;
    if (after === null || come.has(after) || (document.steps[after] !== undefined && !gone.has(after))) return change;
    return before !== null && gone.has(before) ? { ...change, after: null } : [];
  });
  if (foreign.length > 0 && strands(document, exact, lines, gone))
    return fittingChanges(document, withoutSteps(changes, gone));
  return [...rest, ...lines];
}

const isLine = (change: Change): change is LineChange => change.at === 'line';
const isStep = (change: Change): change is Extract<Change, { at: 'step' }> => change.at === 'step';
const goes = (change: Change): change is Extract<Change, { at: 'step' }> => isStep(change) && change.after === null;
const comes = (change: Change): boolean => isStep(change) && change.before === null;
const idsOf = (changes: readonly Change[]): ReadonlySet<string> =>
  new Set(changes.flatMap((change) => (isStep(change) ? [change.id] : [])));
const samePlace = (a: Omit<Line, 'to'>, b: Omit<Line, 'to'>): boolean => a.from === b.from && a.outlet === b.outlet;

/** The changes but for those of whole steps, and for lines from and to these. */
function withoutSteps(changes: readonly Change[], ids: ReadonlySet<string>): readonly Change[] {
  return changes.filter((change) => {
    if (change.at === 'line') return !ids.has(change.from) && (change.before === null || !ids.has(change.before));
    return change.at !== 'step' || !ids.has(change.id);
  });
}

function linesOf(document: FlowDocument): Line[] {
  return Object.entries(document.lines).flatMap(([from, lines]) =>
    Object.entries(lines).map(([outlet, to]) => ({ from, outlet, to })),
  );
}

/** Where people who come to a step that goes would go on to; lines that others have led count first. */
function beyond(
  document: FlowDocument,
  id: string,
  foreign: readonly Line[],
  gone: ReadonlySet<string>,
): string | null {
  const seen = new Set<string>();
  let at: string | undefined = id;
  while (at !== undefined && gone.has(at) && !seen.has(at)) {
    seen.add(at);
    const here: string = at;
    at = foreign.find((line) => line.from === here)?.to ?? Object.values(document.lines[here] ?? {})[0];
  }
  return at === undefined || gone.has(at) ? null : at;
}

/** A line that led into a step that goes leads past it. */
function past(document: FlowDocument, line: Line, foreign: readonly Line[], gone: ReadonlySet<string>): LineChange {
  const to = beyond(document, line.to, foreign, gone);
  return { at: 'line', from: line.from, outlet: line.outlet, before: line.to, after: to === line.from ? null : to };
}

/** Lines into steps that go lead to what others have put behind these. */
function joinedAround(
  document: FlowDocument,
  exact: readonly LineChange[],
  foreign: readonly Line[],
  gone: ReadonlySet<string>,
): LineChange[] {
  if (!foreign.some((line) => gone.has(line.from))) return [...exact];
  return exact.map((change) => {
    if (change.before === null || !gone.has(change.before) || gone.has(change.from)) return change;
    const { after } = past(document, { ...change, to: change.before }, foreign, gone);
    return after === null ? change : { ...change, after };
  });
}

/** Where others have led the line on which a step comes back somewhere else, it comes in between. */
function ontoLines(
  document: FlowDocument,
  wanted: readonly LineChange[],
  made: readonly LineChange[],
  come: ReadonlySet<string>,
): LineChange[] {
  let lines = [...made];
  for (const missed of wanted) {
    const { after, before } = missed;
    const now = document.lines[missed.from]?.[missed.outlet];
    if (after === null || before === null || now === undefined || !come.has(after)) continue;
    if (lines.some((line) => line.after === after && !come.has(line.from))) continue;
    const onward = lines.find((line) => come.has(line.from) && line.after === before);
    if (onward === undefined) continue;
    lines = [...lines.map((line) => (line === onward ? { ...line, after: now } : line)), { ...missed, before: now }];
  }
  return lines;
}

/** Whether a step that people came to by one that goes would have nothing leading to it any more. */
function strands(
  document: FlowDocument,
  exact: readonly LineChange[],
  lines: readonly LineChange[],
  gone: ReadonlySet<string>,
): boolean {
  const before = linesOf(document);
  const kept = before.filter((line) => !gone.has(line.from) && !lines.some((change) => samePlace(change, line)));
  const after = new Set([
    ...kept.map((line) => line.to),
    ...lines.flatMap((change) => (gone.has(change.from) ? [] : (change.after ?? []))),
  ]);
  const behind = [
    ...before.filter((line) => gone.has(line.from)).map((line) => line.to),
    ...exact.flatMap((change) => (change.before !== null && gone.has(change.before) ? (change.after ?? []) : [])),
  ];
  const reached = new Set(before.map((line) => line.to));
  return behind.some((id) => reached.has(id) && !gone.has(id) && !after.has(id));
}

function fits(document: FlowDocument, change: Change): boolean {
  switch (change.at) {
    case 'name':
    case 'description':
      return document[change.at] === change.before;
    case 'step':
      return same(document.steps[change.id], change.before?.step);
    case 'config': {
      const step = document.steps[change.id];
      return step !== undefined && same(fieldValue(step, change.field), change.before);
    }
    case 'title': {
      const step = document.steps[change.id];
      return step !== undefined && (step.name ?? null) === change.before;
    }
    case 'line':
      return (document.lines[change.from]?.[change.outlet] ?? null) === change.before;
  }
}
