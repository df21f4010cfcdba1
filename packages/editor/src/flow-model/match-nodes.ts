import type { AnyNode, NodeGroup } from '@signalbox/nodes/define/define-node';
import type { Step } from '@signalbox/nodes/flow/graph';
import { tr } from '../lib/translate.ts';
import { palette, schemaOf, uiOf } from './library.ts';

export type NodeEntry = { readonly node: AnyNode; readonly title: string; readonly preset: Step['config'] };
export type NodeEntries = { readonly group: NodeGroup; readonly entries: readonly NodeEntry[] };

const units: ReadonlyArray<readonly [RegExp, string]> = [
  [/^(?:m|min|mins|minute|minutes)$/, 'minutes'],
  [/^(?:h|hour|hours)$/, 'hours'],
  [/^(?:d|day|days)$/, 'days'],
];

/** "w 2d" is "w" and two days. */
function readDuration(text: string): { readonly rest: string; readonly amount: number; readonly unit: string } | null {
  const match = /^(.*?)\s*(\d{1,5})\s*([a-z]+)$/.exec(text);
  if (match === null) return null;
  const unit = units.find(([pattern]) => pattern.test(match[3] ?? ''))?.[1];
  const amount = Number(match[2]);
  return unit === undefined || amount < 1 ? null : { rest: match[1]?.trim() ?? '', amount, unit };
}

function durationField(type: string): string | null {
  const fields = Object.entries(schemaOf(type)?.properties ?? {});
  return fields.find(([, field]) => uiOf(field)?.control === 'duration')?.[0] ?? null;
}

/** 0 is the best match; null is none. */
function score(node: AnyNode, text: string): number | null {
  if (text === '') return 2;
  const title = node.title.toLowerCase();
  if (title.startsWith(text)) return 0;
  const words = title.split(/\s+/);
  if (text.split(/\s+/).every((part) => words.some((word) => word.startsWith(part)))) return 1;
  if (words.map((word) => word[0]).join('') === text) return 1;
  return text.length > 2 && `${node.type} ${node.docs}`.toLowerCase().includes(text) ? 3 : null;
}

/** The nodes that a typed text means, best first, by group: "w 2d" offers to wait two days. */
export function matchNodes(
  typed: string,
  offer: { readonly triggers: boolean; readonly others: boolean },
): NodeEntries[] {
  const text = typed.trim().toLowerCase();
  const duration = readDuration(text);
  const offered = palette.filter((node) => (node.group === 'trigger' ? offer.triggers : offer.others));
  const found = offered.flatMap((node): Array<NodeEntry & { readonly rank: number }> => {
    const field = duration === null ? null : durationField(node.type);
    if (duration !== null && field !== null) {
      const rank = score(node, duration.rest);
      const value = { amount: duration.amount, unit: duration.unit };
      if (rank !== null)
        return [
          { node, title: `${tr(node.title)} · ${duration.amount} ${duration.unit}`, preset: { [field]: value }, rank },
        ];
    }
    const rank = score(node, text);
    return rank === null ? [] : [{ node, title: tr(node.title), preset: {}, rank }];
  });
  const sorted = found.toSorted((a, b) => a.rank - b.rank);
  const groups = [...new Set(sorted.map((entry) => entry.node.group))];
  return groups.map((group) => ({ group, entries: sorted.filter((entry) => entry.node.group === group) }));
}
