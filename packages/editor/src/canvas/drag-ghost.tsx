import { useFlowUi } from './flow-context.tsx';

/** What the pointer carries while something is dragged. */
export function DragGhost() {
  const drag = useFlowUi((state) => state.drag);
  if (drag === null) return null;
  if (drag.payload.kind === 'outlet') {
    return (
      <svg data-testid="dragged" aria-hidden className="pointer-events-none fixed inset-0 z-60 size-full">
        <path
          d={`M ${drag.fromX} ${drag.fromY} C ${drag.fromX} ${drag.fromY + 60}, ${drag.x} ${drag.y - 60}, ${drag.x} ${drag.y}`}
          fill="none"
          stroke="var(--action)"
          strokeWidth={2.5}
          strokeDasharray="1 6"
          strokeLinecap="round"
        />
        <circle cx={drag.x} cy={drag.y} r={5} fill="var(--action)" />
      </svg>
    );
  }
  return (
    <div
      data-testid="dragged"
      aria-hidden
      dir="auto"
      className="pointer-events-none fixed top-0 left-0 z-60 rounded-lg border border-action bg-raised px-3 py-2 font-medium shadow-float"
      style={{ translate: `${drag.x + 10}px ${drag.y + 10}px` }}
    >
      {drag.payload.title}
    </div>
  );
}
