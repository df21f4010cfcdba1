import type { FlowDocument, Place } from './document.ts';
import { outletsOf, viewOf } from './library.ts';

/** One line of the outline: a step, a way out that leads nowhere yet, or a pointer to a step that stands elsewhere. */
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
  const follow = (start: string, level: number, startVia: string | null) => {
    let id: string | undefined = start;
    let via = startVia;
    while (id !== undefined) {
      const step = document.steps[id];
      if (step === undefined) return;
      seen.add(id);
      rows.push({ kind: 'step', key: id, id, level, via });
      const [main, ...sidings] = outletsOf(step);
      for (const outlet of sidings) branch({ from: id, outlet: outlet.id }, level + 1, outlet.label);
      if (main === undefined) return;
      const label: string | null = sidings.length === 0 ? null : main.label;
      const next: string | undefined = document.lines[id]?.[main.id];
      if (next === undefined || seen.has(next)) {
        branch({ from: id, outlet: main.id }, level, label);
        return;
      }
      id = next;
      via = label;
    }
  };
  const branch = (place: Place, level: number, via: string | null) => {
    const to = document.lines[place.from]?.[place.outlet];
    const key = `${place.from} ${place.outlet}`;
    if (to === undefined) rows.push({ kind: 'open', key, place, level, via });
    else if (seen.has(to) || mergesLater(to)) rows.push({ kind: 'link', key, place, to, level, via });
    else follow(to, level, via);
  };
  /** A step that also lies on another way is shown there, on the main line. */
  const incoming = new Map<string, number>();
  for (const lines of Object.values(document.lines))
    for (const to of Object.values(lines)) incoming.set(to, (incoming.get(to) ?? 0) + 1);
  const mainTargets = new Set(
    document.order.flatMap((id) => {
      const step = document.steps[id];
      const main = step === undefined ? undefined : outletsOf(step)[0];
      return main === undefined ? [] : (document.lines[id]?.[main.id] ?? []);
    }),
  );
  const mergesLater = (id: string) => (incoming.get(id) ?? 0) > 1 && mainTargets.has(id);
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
