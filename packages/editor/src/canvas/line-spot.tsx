import { CornerUpLeft, Plus, X } from 'lucide-react';
import { type MouseEvent, memo, type PointerEvent } from 'react';
import { disconnect } from '../flow-model/edit.ts';
import { outletsOf, viewOf } from '../flow-model/library.ts';
import { anchorOf, lineKey, outletKey } from '../flow-model/ui-store.ts';
import { cn } from '../lib/cn.ts';
import { formatCount } from '../lib/format.ts';
import { t, tr } from '../lib/translate.ts';
import { useOutletCount } from '../lib/use-counts.ts';
import { beginDrag } from './drag.ts';
import { useFlow, useFlowUi, useOpenFlow } from './flow-context.tsx';
import { chooseStep } from './focus.ts';
import type { LayoutLine } from './layout.ts';

const spotLook = 'canvas-spot nopan nodrag pointer-events-auto absolute top-0 left-0';
const at = (x: number, y: number) => ({ translate: `calc(${x}px - 50%) calc(${y}px - 50%)` });

type SpotProps = { readonly line: LayoutLine; readonly flowId: string; readonly readOnly: boolean };
/** What the parts of a spot are told of the way out that it stands on. */
type PartProps = { readonly line: LayoutLine; readonly title: string; readonly label: string };

/** What stands on a line: its label, and the "+" of an open way out, of a line, or the way back that it leads. */
export const LineSpot = memo(function LineSpot({ line, flowId, readOnly }: SpotProps) {
  const step = useFlow((state) => state.document.steps[line.from]);
  if (step === undefined) return null;
  const outlets = outletsOf(step);
  const label = tr(outlets.find((outlet) => outlet.id === line.outlet)?.label ?? line.outlet);
  const part = { line, label, title: viewOf(step).called };
  return (
    <>
      {outlets.length > 1 ? <OutletLabel line={line} flowId={flowId} label={label} /> : null}
      {line.kind === 'open' && !readOnly ? <OpenPlus {...part} /> : null}
      {line.kind === 'line' && !readOnly ? <InsertPlus {...part} /> : null}
      {line.kind === 'back' ? <WayBack line={line} label={label} readOnly={readOnly} /> : null}
    </>
  );
});

function OutletLabel({ line, flowId, label }: Omit<SpotProps, 'readOnly'> & { readonly label: string }) {
  const count = useOutletCount(flowId, line.from, line.outlet);
  return (
    <span
      className={cn(
        spotLook,
        'canvas-fine flex max-w-36 items-center gap-1.5 rounded-full border border-line bg-surface px-2 py-0.5 text-ink-2 text-xs leading-4',
      )}
      style={at(line.x, line.labelY)}
    >
      <span dir="auto" className="truncate">
        {label}
      </span>
      {count > 0 ? <span className="num font-semibold text-ink">{formatCount(count)}</span> : null}
    </span>
  );
}

/** A press opens the picker for this place; a drag leads from it to another card. */
function usePlus(line: LayoutLine) {
  const { store, ui } = useOpenFlow();
  const place = { from: line.from, outlet: line.outlet };
  const keys = [outletKey(place), lineKey(place)];
  const dropTarget = useFlowUi((state) => state.drag?.payload.kind === 'node');
  const over = useFlowUi((state) => state.drag !== null && keys.includes(state.drag.over ?? ''));
  const pickAt = (element: Element) => ui.getState().set({ picker: { kind: 'add', place, anchor: anchorOf(element) } });
  return {
    dropTarget,
    over,
    onClick: (event: MouseEvent) => pickAt(event.currentTarget),
    onPointerDown: (event: PointerEvent) => {
      const pressed = event.currentTarget;
      beginDrag(event.nativeEvent, { kind: 'outlet', place }, { store, ui }, () => pickAt(pressed));
    },
  };
}

function OpenPlus({ line, title, label }: PartProps) {
  const { ui } = useOpenFlow();
  const { dropTarget, over, ...presses } = usePlus(line);
  const key = outletKey(line);
  const reachable = useFlowUi((state) => state.focusKey === key);
  return (
    <button
      type="button"
      data-testid={`outlet-${line.from}-${line.outlet}`}
      data-drop={key}
      data-focus-key={key}
      tabIndex={reachable ? 0 : -1}
      aria-label={t('canvas.add_after', { step: title, outlet: label })}
      title={t('canvas.add_hint')}
      onFocus={() => ui.getState().set({ focusKey: key })}
      {...presses}
      className={cn(
        spotLook,
        'canvas-plus grid size-7 touch-none place-items-center rounded-full border-[1.5px] border-line-strong/70 border-dashed bg-surface text-ink-2 transition-colors hover:border-action hover:border-solid hover:bg-action hover:text-action-ink',
        dropTarget && 'border-action border-solid text-action',
        over && '!bg-action !text-action-ink ring-4 ring-action/30',
      )}
      style={at(line.x, line.plusY)}
    >
      <Plus aria-hidden className="size-4" />
    </button>
  );
}

function InsertPlus({ line, title, label }: PartProps) {
  const { dropTarget, over, ...presses } = usePlus(line);
  // The lines at the chosen step always show where another can be put in.
  const beside = useFlow(
    (state) => state.selection.includes(line.from) || (line.to !== null && state.selection.includes(line.to)),
  );
  return (
    <span
      data-drop={lineKey(line)}
      className={cn(spotLook, 'canvas-fine group/insert grid h-9 w-20 place-items-center')}
      style={at(line.x, line.plusY)}
    >
      <button
        type="button"
        data-testid={`insert-${line.from}-${line.outlet}`}
        data-drop={lineKey(line)}
        tabIndex={-1}
        aria-label={t('canvas.insert_after', { step: title, outlet: label })}
        title={t('canvas.insert_hint')}
        {...presses}
        className={cn(
          'canvas-plus grid size-6 touch-none place-items-center rounded-full border border-line-strong bg-surface text-ink opacity-0 transition-[opacity,background-color,color] duration-120 hover:border-action hover:bg-action hover:text-action-ink focus-visible:opacity-100 group-hover/insert:opacity-100 pointer-coarse:opacity-100',
          beside && 'border-line text-ink-2 opacity-100',
          dropTarget && 'border-action text-action opacity-100',
          over && '!bg-action !text-action-ink ring-4 ring-action/30',
        )}
      >
        <Plus aria-hidden className="size-3.5" />
      </button>
    </span>
  );
}

function WayBack({ line, label, readOnly }: Omit<PartProps, 'title'> & { readonly readOnly: boolean }) {
  const open = useOpenFlow();
  const { to } = line;
  const target = useFlow((state) => (to === null ? undefined : state.document.steps[to]));
  const key = outletKey(line);
  const reachable = useFlowUi((state) => state.focusKey === key);
  if (to === null || target === undefined) return null;
  return (
    <span
      className={cn(
        spotLook,
        'canvas-fine flex h-7 max-w-36 items-center gap-1 rounded-full border border-line bg-surface pr-1 pl-2 text-ink-2 text-xs',
      )}
      style={at(line.x, line.plusY)}
    >
      <CornerUpLeft aria-hidden className="size-3.5 shrink-0" />
      <button
        type="button"
        data-focus-key={key}
        tabIndex={reachable ? 0 : -1}
        dir="auto"
        className="min-h-6 truncate"
        onFocus={() => open.ui.getState().set({ focusKey: key })}
        onClick={() => chooseStep(open, to)}
      >
        {t('canvas.back_to', { step: viewOf(target).called })}
      </button>
      {readOnly ? null : (
        <button
          type="button"
          tabIndex={-1}
          aria-label={t('canvas.disconnect', { outlet: label })}
          onClick={() => disconnect(open.store, { from: line.from, outlet: line.outlet })}
          className="grid size-6 shrink-0 place-items-center rounded-full hover:bg-hover"
        >
          <X aria-hidden className="size-3" />
        </button>
      )}
    </span>
  );
}
