import type { Step } from '@signalbox/nodes/flow/graph';
import type { FlowDocument, Place } from './document.ts';
import { outletsOf, viewOf } from './library.ts';
import { outletKey, stepKey } from './ui-store.ts';

/** One line of the outline: a step, a way out that leads nowhere yet, or a pointer to a step that stands elsewhere; `key` as on the canvas. */
export type OutlineRow = { readonly key: string; readonly level: number; readonly via: string | null } & (
  | { readonly kind: 'step'; readonly id: string }
  | { readonly kind: 'open'; readonly place: Place }
  | { readonly kind: 'link'; readonly place: Place; readonly to: string }
);

/**
 * The flow as an indented list in reading order: the first way out goes on at the same level, the others stand one level
 * deeper right below their step. A step that several ways lead to stands once; elsewhere there is a pointer to it.
 */
export function outlineRows(document: FlowDocument): OutlineRow[] {
  const rows: OutlineRow[] = [];
  const seen = new Set<string>();
  const targets = new Set(Object.values(document.lines).flatMap((lines) => Object.values(lines)));
  /** The main line from a step: by the first ways out, as far as it is not shown already. */
  const mainLine = (start: string): string[] => {
    const line: string[] = [];
    for (let id: string | undefined = start; id !== undefined && !seen.has(id); ) {
      const step: Step | undefined = document.steps[id];
      if (step === undefined) break;
      seen.add(id);
      line.push(id);
      const main: string | undefined = outletsOf(step)[0]?.id;
      id = main === undefined ? undefined : document.lines[id]?.[main];
    }
    return line;
  };
  const follow = (start: string, level: number, startVia: string | null) => {
    // The whole main line is taken first, so that sidings that come back to it point to it.
    const line = mainLine(start);
    let via = startVia;
    for (const [index, id] of line.entries()) {
      const step = document.steps[id];
      if (step === undefined) continue;
      rows.push({ kind: 'step', key: stepKey(id), id, level, via });
      const [main, ...sidings] = outletsOf(step);
      for (const outlet of sidings) branch({ from: id, outlet: outlet.id }, level + 1, outlet.label);
      via = sidings.length === 0 ? null : (main?.label ?? null);
      if (main !== undefined && index === line.length - 1) branch({ from: id, outlet: main.id }, level, via);
    }
  };
  const branch = (place: Place, level: number, via: string | null) => {
    const to = document.lines[place.from]?.[place.outlet];
    const key = outletKey(place);
    if (to === undefined || document.steps[to] === undefined) rows.push({ kind: 'open', key, place, level, via });
    else if (seen.has(to)) rows.push({ kind: 'link', key, place, to, level, via });
    else follow(to, level, via);
  };
  const roots = document.order.filter((id) => !targets.has(id));
  const triggersFirst = roots.toSorted((a, b) => Number(isTrigger(document, b)) - Number(isTrigger(document, a)));
  for (const root of triggersFirst) if (!seen.has(root)) follow(root, 1, null);
  for (const id of document.order) if (!seen.has(id)) follow(id, 1, null);
  return rows;
}

const isTrigger = (document: FlowDocument, id: string): boolean => {
  const step = document.steps[id];
  return step !== undefined && viewOf(step).isTrigger;
};

/** Where a row stands in the tree: its parent by index, and its place among those with the same parent. */
export type TreePlace = { readonly parent: number | null; readonly position: number; readonly siblings: number };

/** The place of each row, from the levels alone. */
export function treePlaces(rows: ReadonlyArray<Pick<OutlineRow, 'level'>>): TreePlace[] {
  const above: number[] = [];
  const counts = new Map<number | null, number>();
  const found = rows.map((row, index) => {
    while (above.length > 0 && (rows[above.at(-1) ?? 0]?.level ?? 0) >= row.level) above.pop();
    const parent = above.at(-1) ?? null;
    above.push(index);
    const position = (counts.get(parent) ?? 0) + 1;
    counts.set(parent, position);
    return { parent, position };
  });
  return found.map((place) => ({ ...place, siblings: counts.get(place.parent) ?? 1 }));
}
