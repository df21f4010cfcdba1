import '@xyflow/react/dist/base.css';
import './canvas.css';
import {
  Background,
  BackgroundVariant,
  type Node,
  type NodeChange,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
  ViewportPortal,
} from '@xyflow/react';
import { Maximize, Minus, Plus } from 'lucide-react';
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { stepKey, stepOfKey } from '../flow-model/ui-store.ts';
import { focusWhenDrawn } from '../lib/focus-when-drawn.ts';
import { t } from '../lib/translate.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { useFlow, useOpenFlow } from './flow-context.tsx';
import { cardHeight, cardWidth, type Layout } from './layout.ts';
import { LineLayer } from './line-layer.tsx';
import { StepCard } from './step-card.tsx';
import { useSlides } from './use-slides.ts';
import { useVisibleLines } from './use-visible-lines.ts';
import { type Direction, spotsOf, walk } from './walk.ts';

const nodeTypes = { step: StepCard };
const noEdges: [] = [];
const arrows: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};
const fitPadding = { padding: 0.12, maxZoom: 1, minZoom: 0.35 };

type CanvasProps = {
  readonly layout: Layout;
  readonly readOnly: boolean;
  /** Room that panels in front of the canvas take on the left, in pixels. */
  readonly children?: ReactNode;
};

/** The flow as cards and lines. The only part of the editor that knows React Flow. */
export function FlowCanvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

type StepNode = Node<Record<string, never>, 'step'>;
const noData: Record<string, never> = {};
/** The card inside says what it is; its frame says nothing. */
const plain: NonNullable<Node['domAttributes']> = { 'aria-roledescription': undefined };

function useNodes(layout: Layout, selection: readonly string[]): StepNode[] {
  const last = useRef(new Map<string, StepNode>());
  return useMemo(() => {
    const nodes = layout.reading.map((id): StepNode => {
      const position = layout.cards.get(id) ?? { x: 0, y: 0 };
      const selected = selection.includes(id);
      const old = last.current.get(id);
      if (
        old !== undefined &&
        old.position.x === position.x &&
        old.position.y === position.y &&
        old.selected === selected
      )
        return old;
      const size = { width: cardWidth, height: cardHeight };
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

function Canvas({ layout, readOnly, children }: CanvasProps) {
  const { store, ui } = useOpenFlow();
  const flowId = useFlow((state) => state.flowId);
  const selection = useFlow((state) => state.selection);
  const nodes = useNodes(layout, selection);
  const flow = useReactFlow();
  const frame = useRef<HTMLDivElement>(null);
  const visible = useVisibleLines(layout.lines);
  const [start] = useState(() => startAt(layout, ui.getState().phoneOpen ? phoneWidth : 0));
  const lod = useStore((state) => (state.transform[2] < 0.24 ? 'icon' : state.transform[2] < 0.46 ? 'title' : 'full'));

  const slides = useSlides(layout, frame);
  const { began } = slides;

  /** Moves the canvas just so far that a part of it is in sight. */
  const bringIn = useCallback(
    (area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }) => {
      const box = frame.current?.getBoundingClientRect();
      if (box === undefined) return;
      const { x, y, zoom } = flow.getViewport();
      const covered = box.width >= 760 && ui.getState().paletteOpen && !store.getState().readOnly ? 224 : 0;
      const by = (low: number, high: number, from: number, to: number) =>
        low < from ? from - low : high > to ? Math.max(to - high, from - low) : 0;
      const dx = by(area.x * zoom + x, (area.x + area.width) * zoom + x, covered + 24, box.width - 24);
      const dy = by(area.y * zoom + y, (area.y + area.height) * zoom + y, 24, box.height - 48);
      if (dx === 0 && dy === 0) return;
      began();
      void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: motion(160) });
    },
    [flow, ui, store, began],
  );
  const bringCard = useCallback(
    (id: string) => {
      const card = layout.cards.get(id);
      if (card !== undefined) bringIn({ ...card, width: cardWidth, height: cardHeight + 70 });
    },
    [layout, bringIn],
  );

  const focusOn = useCallback(
    (key: string) => {
      ui.getState().set({ focusKey: key });
      const step = stepOfKey(key);
      const spot = spotsOf(layout).find((each) => each.key === key);
      if (step !== null) bringCard(step);
      else if (spot !== undefined) bringIn({ x: spot.x - 40, y: spot.y - 40, width: 80, height: 80 });
      focusWhenDrawn(() => frame.current?.querySelector(`[data-focus-key="${CSS.escape(key)}"]`) ?? null);
    },
    [ui, layout, bringIn, bringCard],
  );

  // There is always one spot that Tab reaches.
  useEffect(() => {
    const spots = spotsOf(layout);
    const { focusKey } = ui.getState();
    const known = spots.some((spot) => spot.key === focusKey);
    ui.getState().set({ focusKey: known ? focusKey : (spots[0]?.key ?? null) });
  }, [layout, ui]);

  // A step that was just added or chosen elsewhere comes into view, also when a panel beside it takes its place. It does so in the
  // moment in which it is drawn: whoever aims at something afterwards finds it where it was seen.
  const [chosen] = selection;
  useLayoutEffect(() => {
    if (chosen === undefined || frame.current === null) return;
    ui.getState().set({ focusKey: stepKey(chosen) });
    bringCard(chosen);
    const observer = new ResizeObserver(() => bringCard(chosen));
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [chosen, bringCard, ui]);

  const onNodesChange = useCallback(
    (changes: Array<NodeChange<StepNode>>) => {
      const next = new Set(store.getState().selection);
      for (const change of changes) {
        if (change.type !== 'select') continue;
        if (change.selected) next.add(change.id);
        else next.delete(change.id);
      }
      const ids = [...next];
      const before = store.getState().selection;
      if (ids.length !== before.length || ids.some((id) => !before.includes(id))) store.getState().select(ids);
    },
    [store],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const { focusKey } = ui.getState();
    if (
      focusKey === null ||
      !(event.target instanceof HTMLElement) ||
      event.target.closest('[data-focus-key]') === null
    )
      return;
    const direction = arrows[event.key];
    if (direction !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      const next = walk(layout, focusKey, direction);
      if (next !== null) {
        focusOn(next);
        const step = stepOfKey(next);
        if (event.shiftKey && step !== null)
          store.getState().select([...new Set([...store.getState().selection, step])]);
      }
      return;
    }
    const step = stepOfKey(focusKey);
    if (event.key === ' ' && step !== null) {
      event.preventDefault();
      const { selection: now, select } = store.getState();
      select(now.includes(step) ? now.filter((id) => id !== step) : [...now, step]);
    }
    if (event.key === 'Home' || event.key === 'End') {
      event.preventDefault();
      const spots = layout.reading;
      const id = event.key === 'Home' ? spots[0] : spots.at(-1);
      if (id !== undefined) focusOn(stepKey(id));
    }
  };

  const onNodeClick = (event: MouseEvent, node: StepNode) => {
    const { selection: now, select } = store.getState();
    const many = event.ctrlKey || event.metaKey || event.shiftKey;
    select(many ? (now.includes(node.id) ? now.filter((id) => id !== node.id) : [...now, node.id]) : [node.id]);
  };

  return (
    <section
      ref={frame}
      data-canvas-keys
      data-lod={lod}
      aria-label={t('canvas.label')}
      className="relative size-full overflow-hidden"
      onKeyDown={onKeyDown}
      onPointerDownCapture={slides.press}
    >
      <ReactFlow
        nodes={nodes}
        edges={noEdges}
        nodeTypes={nodeTypes}
        onNodesChange={onNodesChange}
        onNodeClick={onNodeClick}
        onPaneClick={() => store.getState().select([])}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable
        selectNodesOnDrag={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={null}
        zoomOnDoubleClick={false}
        panOnScroll
        minZoom={0.1}
        maxZoom={1.5}
        onlyRenderVisibleElements={nodes.length > 120 && lod === 'full'}
        defaultViewport={start}
        proOptions={{ hideAttribution: true }}
        role="presentation"
        aria-label={undefined}
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1.4} color="var(--dot)" />
        <ViewportPortal>
          <LineLayer lines={visible} flowId={flowId} readOnly={readOnly} />
        </ViewportPortal>
        <Panel
          position="bottom-left"
          className="!m-3 flex items-center rounded-lg border border-line bg-surface p-0.5 shadow-card"
        >
          <IconButton
            icon={Minus}
            label={t('canvas.zoom_out')}
            size="icon-sm"
            hintSide="top"
            onClick={() => void flow.zoomOut({ duration: motion(120) })}
          />
          <IconButton
            icon={Plus}
            label={t('canvas.zoom_in')}
            size="icon-sm"
            hintSide="top"
            onClick={() => void flow.zoomIn({ duration: motion(120) })}
          />
          <IconButton
            icon={Maximize}
            label={t('canvas.fit')}
            size="icon-sm"
            hintSide="top"
            onClick={() => void flow.fitView({ ...fitPadding, minZoom: 0.1, duration: motion(160) })}
          />
        </Panel>
        {children}
      </ReactFlow>
    </section>
  );
}

/** No movement for those who asked for none. */
const motion = (milliseconds: number): number =>
  window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : milliseconds;

const railWidth = 92;
const phoneWidth = 340;
const smallestWhole = 0.8;

/** The flow from its top at a size that can be read; large flows go on below and to the right. `beside`: room that is taken at the right. */
function startAt(layout: Layout, beside: number): { x: number; y: number; zoom: number } {
  const room = { width: window.innerWidth - railWidth - beside, height: window.innerHeight - 52 };
  const palette = window.innerWidth >= 1_280 ? 232 : 0;
  const usable = room.width - palette - 48;
  const whole = Math.min(1, usable / layout.width, (room.height - 64) / layout.height);
  // Where a little less shows all of it, it is shown; else at full size, as far as the width allows.
  const zoom = whole >= smallestWhole ? whole : Math.max(smallestWhole, Math.min(1, usable / layout.width));
  const width = layout.width * zoom;
  const left = palette + 24 + Math.max(0, (usable - Math.max(width, 560)) / 2);
  return { x: left + (cardWidth / 2) * zoom, y: 36, zoom };
}
