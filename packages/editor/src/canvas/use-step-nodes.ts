import type { Node } from '@xyflow/react';
import { useMemo, useRef } from 'react';
import { cardHeight, cardWidth, type Layout } from './layout.ts';

export type StepNode = Node<Record<string, never>, 'step'>;

const noData: Record<string, never> = {};
/** The card inside says what it is; its frame says nothing. */
const plain: NonNullable<Node['domAttributes']> = { 'aria-roledescription': undefined };
const size = { width: cardWidth, height: cardHeight };

/** The cards as React Flow takes them; one that stands where it stood and is chosen as it was stays the same object. */
export function useStepNodes(layout: Layout, selection: readonly string[]): StepNode[] {
  const last = useRef(new Map<string, StepNode>());
  return useMemo(() => {
    const chosen = new Set(selection);
    const nodes = layout.reading.map((id): StepNode => {
      const position = layout.cards.get(id) ?? { x: 0, y: 0 };
      const selected = chosen.has(id);
      const old = last.current.get(id);
      const same =
        old !== undefined &&
        old.position.x === position.x &&
        old.position.y === position.y &&
        old.selected === selected;
      if (same) return old;
      return {
        id,
        type: 'step',
        position,
        data: noData,
        selected,
        ...size,
        measured: size,
        draggable: false,
        domAttributes: plain,
      };
    });
    last.current = new Map(nodes.map((node) => [node.id, node]));
    return nodes;
  }, [layout, selection]);
}
