import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react';
import { t } from '../lib/translate.ts';

const key = 'signalbox.inspector_width';
const smallest = 320;
const largest = 640;
const usual = 380;

const clamp = (width: number): number => Math.round(Math.max(smallest, Math.min(largest, width)));

function stored(): number {
  const width = Number(localStorage.getItem(key));
  return Number.isFinite(width) && width > 0 ? clamp(width) : usual;
}

/** A panel at the right whose width can be changed by pointer or arrow keys, and is remembered. */
export function SidePanel({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  const [width, setWidth] = useState(stored);
  const change = (next: number) => {
    setWidth(clamp(next));
    localStorage.setItem(key, String(clamp(next)));
  };
  const onPointerMove = (event: PointerEvent) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) change(width - event.movementX);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: 20, ArrowRight: -20 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    change(width + step);
  };
  return (
    <aside
      aria-label={label}
      style={{ width }}
      className="relative flex shrink-0 flex-col border-line border-l bg-surface"
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a separator that moves has no native element */}
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label={t('inspector.resize')}
        aria-valuenow={width}
        aria-valuemin={smallest}
        aria-valuemax={largest}
        tabIndex={0}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onPointerMove}
        onKeyDown={onKeyDown}
        onDoubleClick={() => change(usual)}
        className="absolute inset-y-0 -left-1 z-10 w-2 cursor-col-resize touch-none transition-colors hover:bg-action/25 focus-visible:bg-action/40 focus-visible:outline-none"
      />
      {children}
    </aside>
  );
}
