import { Plus } from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef } from 'react';
import { useFlow, useFlowUi, useOpenFlow } from '../canvas/flow-context.tsx';
import { outlineRows, treePlaces } from '../flow-model/outline-rows.ts';
import { anchorOf, stepKey } from '../flow-model/ui-store.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { OutlineItem } from './outline-item.tsx';

/** The flow as a tree of lines: what the canvas shows, for reading and building without one. */
export function Outline() {
  const { store, ui } = useOpenFlow();
  const document = useFlow((state) => state.document);
  const readOnly = useFlow((state) => state.readOnly);
  const [chosen] = useFlow((state) => state.selection);
  const focusKey = useFlowUi((state) => state.focusKey);
  const rows = useMemo(() => {
    const all = outlineRows(document);
    return readOnly ? all.filter((row) => row.kind !== 'open') : all;
  }, [document, readOnly]);
  const places = useMemo(() => treePlaces(rows), [rows]);
  const list = useRef<HTMLDivElement>(null);
  // One row is always within reach of Tab: where the focus was, else what is chosen, else the first.
  const wanted = [focusKey, chosen === undefined ? null : stepKey(chosen)];
  const current =
    wanted.map((key) => rows.findIndex((row) => row.key === key)).find((at) => at !== -1) ??
    Math.min(0, rows.length - 1);

  const focusRow = (at: number) => {
    const row = rows[Math.max(0, Math.min(at, rows.length - 1))];
    const element = row && list.current?.querySelector(`[data-focus-key="${CSS.escape(row.key)}"]`);
    if (element instanceof HTMLElement) element.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const deeper = places[current + 1]?.parent === current;
    const jump = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      Home: 0,
      End: rows.length - 1,
      ArrowLeft: places[current]?.parent ?? current,
      ArrowRight: deeper ? current + 1 : current,
    }[event.key];
    if (jump === undefined) return;
    event.preventDefault();
    focusRow(jump);
  };
  return (
    <div className="thin-scroll h-full overflow-y-auto bg-paper" data-canvas-keys>
      <div
        ref={list}
        role="tree"
        aria-label={t('outline.label')}
        aria-multiselectable
        tabIndex={-1}
        onKeyDown={onKeyDown}
        className="mx-auto max-w-3xl px-3 py-4 md:px-6"
      >
        {rows.map((row, index) => (
          <OutlineItem
            key={row.key}
            row={row}
            place={places[index] ?? { parent: null, position: 1, siblings: 1 }}
            reachable={index === current}
          />
        ))}
      </div>
      {readOnly || store.getState().document.order.length === 0 ? null : (
        <div className="mx-auto max-w-3xl px-3 pb-6 md:px-6">
          <Button
            kind="ghost"
            onClick={(event) =>
              ui.getState().set({ picker: { kind: 'add', place: null, anchor: anchorOf(event.currentTarget) } })
            }
          >
            <Plus aria-hidden />
            {t('outline.add_trigger')}
          </Button>
        </div>
      )}
    </div>
  );
}
