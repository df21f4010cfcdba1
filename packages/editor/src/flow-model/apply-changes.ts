import { recordOf } from '../lib/record.ts';
import type { Change } from './changes.ts';
import type { FlowDocument } from './document.ts';
import { fittingChanges } from './fitting-changes.ts';

/**
 * Makes the changes that still fit. What somebody else has made of a place meanwhile stays: nobody takes back what another did. The
 * document itself where nothing fits any more.
 */
export function applyChanges(document: FlowDocument, changes: readonly Change[]): FlowDocument {
  const fitting = fittingChanges(document, changes);
  if (fitting.length === 0) return document;
  const next: FlowDocument = {
    ...document,
    order: [...document.order],
    steps: recordOf(Object.entries(document.steps)),
    lines: recordOf(Object.entries(document.lines)),
  };
  // Steps come before what is set in them and leads to them, and go after it; those that come, in stored order.
  const phase = (change: Change): number =>
    change.at === 'step' ? (change.after === null ? 3 : 0) : change.at === 'line' ? 2 : 1;
  for (const change of fitting.toSorted((a, b) => phase(a) - phase(b))) apply(next, change);
  for (const [from, lines] of Object.entries(next.lines)) {
    const kept = Object.entries(lines).filter(([, to]) => next.steps[to] !== undefined);
    if (next.steps[from] === undefined || kept.length === 0) delete next.lines[from];
    else if (kept.length < Object.keys(lines).length) next.lines[from] = recordOf(kept);
  }
  return next;
}

/** Makes one change in a document that is a copy down to its records. */
function apply(next: FlowDocument, change: Change): void {
  switch (change.at) {
    case 'name':
    case 'description':
      next[change.at] = change.after;
      return;
    case 'step':
      if (change.after === null) {
        delete next.steps[change.id];
        next.order = next.order.filter((id) => id !== change.id);
        return;
      }
      if (next.steps[change.id] === undefined)
        next.order.splice(change.after.behind === null ? 0 : next.order.indexOf(change.after.behind) + 1, 0, change.id);
      next.steps[change.id] = change.after.step;
      return;
    case 'config': {
      const step = next.steps[change.id];
      if (step === undefined) return;
      const { [change.field]: _old, ...rest } = step.config;
      next.steps[change.id] = {
        ...step,
        config: change.after === null ? rest : { ...step.config, [change.field]: change.after.value },
      };
      return;
    }
    case 'title': {
      const step = next.steps[change.id];
      if (step === undefined) return;
      const { name: _old, ...unnamed } = step;
      next.steps[change.id] = change.after === null ? unnamed : { ...unnamed, name: change.after };
      return;
    }
    case 'line': {
      const lines = recordOf(Object.entries(next.lines[change.from] ?? {}));
      if (change.after === null) delete lines[change.outlet];
      else lines[change.outlet] = change.after;
      next.lines[change.from] = lines;
      return;
    }
  }
}
