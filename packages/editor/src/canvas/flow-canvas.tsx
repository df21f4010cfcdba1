import '@xyflow/react/dist/base.css';
import './canvas.css';
import {
  Background,
  BackgroundVariant,
  type NodeChange,
  ReactFlow,
  ReactFlowProvider,
  useStore,
  ViewportPortal,
} from '@xyflow/react';
import {
  type CSSProperties,
  type PointerEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { t } from '../lib/translate.ts';
import { useFlow, useOpenFlow } from './flow-context.tsx';
import { focusCard } from './focus.ts';
import type { Layout } from './layout.ts';
import { LineLayer } from './line-layer.tsx';
import { StepCard } from './step-card.tsx';
import { useCamera } from './use-camera.ts';
import { useCanvasKeys } from './use-canvas-keys.ts';
import { useSlides } from './use-slides.ts';
import { type StepNode, useStepNodes } from './use-step-nodes.ts';
import { useVisibleLines } from './use-visible-lines.ts';
import { plusScale, smallestFit, startView } from './views.ts';
import { spotsOf } from './walk.ts';
import { ZoomPanel } from './zoom-panel.tsx';

const nodeTypes = { step: StepCard };
const noEdges: [] = [];
const phoneWidth = 340;

type CanvasProps = {
  readonly layout: Layout;
  readonly readOnly: boolean;
  /** Room that panels in front of the canvas take on the left, in pixels. */
  readonly children?: ReactNode;
};

/** The flow as cards and lines. Only the files beside this one know React Flow. */
export function FlowCanvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ layout, readOnly, children }: CanvasProps) {
  const { store, ui } = useOpenFlow();
  const flowId = useFlow((state) => state.flowId);
  const selection = useFlow((state) => state.selection);
  const nodes = useStepNodes(layout, selection);
  const frame = useRef<HTMLElement>(null);
  const visible = useVisibleLines(layout.lines);
  const [start] = useState(() => startView(layout, ui.getState().phoneOpen ? phoneWidth : 0));
  const lod = useStore((state) =>
    state.transform[2] < 0.24 ? 'icon' : state.transform[2] < smallestFit ? 'title' : 'full',
  );
  const plus = useStore((state) => plusScale(state.transform[2]));
  const slides = useSlides(layout, frame);
  const camera = useCamera(layout, frame, slides.began);
  const onKeyDown = useCanvasKeys(layout, camera.focusOn);
  useFraming();

  // There is always one spot that Tab reaches.
  useEffect(() => {
    const spots = spotsOf(layout);
    const { focusKey } = ui.getState();
    const known = spots.some((spot) => spot.key === focusKey);
    ui.getState().set({ focusKey: known ? focusKey : (spots[0]?.key ?? null) });
  }, [layout, ui]);

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
  const onPaneClick = () => {
    store.getState().select([]);
    // Beside the cards as well, the keys of the canvas count.
    frame.current?.focus({ preventScroll: true });
  };
  const onPress = (event: PointerEvent) => {
    // With Shift held, a press on a card adds it; only beside the cards does it begin a frame.
    const onSpot = event.target instanceof Element && event.target.closest('button, [data-focus-key]') !== null;
    if (event.shiftKey && onSpot) event.stopPropagation();
    else slides.press(event);
  };

  return (
    <section
      ref={frame}
      tabIndex={-1}
      data-canvas-keys
      data-lod={lod}
      aria-label={t('canvas.label')}
      className="relative size-full overflow-hidden outline-none"
      style={styleOf(plus)}
      onKeyDown={onKeyDown}
      onPointerDownCapture={onPress}
    >
      <ReactFlow
        nodes={nodes}
        edges={noEdges}
        nodeTypes={nodeTypes}
        onNodesChange={onNodesChange}
        onPaneClick={onPaneClick}
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
        <ZoomPanel onFit={camera.showAll} />
        {children}
      </ReactFlow>
    </section>
  );
}

/** How much each "+" is enlarged, for the style sheet. */
const styleOf = (plus: number): CSSProperties & { readonly '--plus-scale': number } => ({ '--plus-scale': plus });

/** Says while a frame is drawn around cards; afterwards the focus is on the last of them, so that keys act on what was chosen. */
function useFraming(): void {
  const { store, ui } = useOpenFlow();
  const framing = useStore((state) => state.userSelectionActive);
  const before = useRef(false);
  useLayoutEffect(() => {
    if (before.current === framing) return;
    before.current = framing;
    ui.getState().set({ framing });
    if (framing) return;
    const { selection } = store.getState();
    const last = ui.getState().reading.findLast((id) => selection.includes(id));
    if (last !== undefined) focusCard(last);
  }, [framing, store, ui]);
}
