import { memo } from 'react';
import { lineKey } from '../flow-model/ui-store.ts';
import { useOutletCount } from '../lib/use-counts.ts';
import { useFlowUi } from './flow-context.tsx';
import { type LayoutLine, roundedPath } from './layout.ts';
import { LineSpot } from './line-spot.tsx';

/** 2 px, and up to 6 px with traffic. */
const widthOf = (count: number): number => 2 + Math.min(4, 1.25 * Math.log10(count + 1));

type PathProps = { readonly line: LayoutLine; readonly flowId: string };

/** A line as it lies there. */
const Path = memo(function Path({ line }: PathProps) {
  const over = useFlowUi((state) => state.drag?.over === lineKey({ from: line.from, outlet: line.outlet }));
  return (
    <Stroke
      line={line}
      color={over ? 'var(--action)' : 'var(--track)'}
      width={over ? 4 : 2}
      arrow={line.kind === 'line'}
    />
  );
});

/** The traffic on a line, in front of every line that shares a part of the way with it. */
const Traffic = memo(function Traffic({ line, flowId }: PathProps) {
  const count = useOutletCount(flowId, line.from, line.outlet);
  if (count === 0 || line.kind === 'open') return null;
  return <Stroke line={line} color="var(--track-busy)" width={widthOf(count)} arrow={line.kind === 'line'} />;
});

function Stroke({
  line,
  color,
  width,
  arrow,
}: {
  readonly line: LayoutLine;
  readonly color: string;
  readonly width: number;
  readonly arrow: boolean;
}) {
  const end = line.points.at(-1);
  return (
    <g fill="none" stroke={color} strokeLinecap="round" strokeLinejoin="round">
      <path
        className="canvas-line"
        d={roundedPath(line.points)}
        strokeWidth={width}
        strokeDasharray={line.kind === 'line' ? undefined : '2 5'}
      />
      {arrow && end !== undefined ? (
        <path d={`M ${end.x - 5} ${end.y - 7} L ${end.x} ${end.y - 1} L ${end.x + 5} ${end.y - 7}`} strokeWidth={2} />
      ) : null}
    </g>
  );
}

/** Lines, their labels, and a "+" on every open way out and on every line. */
export function LineLayer({
  lines,
  flowId,
  readOnly,
}: {
  readonly lines: readonly LayoutLine[];
  readonly flowId: string;
  readonly readOnly: boolean;
}) {
  const drawn = readOnly ? lines.filter((line) => line.kind !== 'open') : lines;
  return (
    <>
      <svg
        aria-hidden
        className="pointer-events-none absolute top-0 left-0 size-px overflow-visible"
        style={{ zIndex: -1 }}
      >
        {drawn.map((line) => (
          <Path key={`${line.from}/${line.outlet}`} line={line} flowId={flowId} />
        ))}
        {drawn.map((line) => (
          <Traffic key={`${line.from}/${line.outlet}`} line={line} flowId={flowId} />
        ))}
      </svg>
      {drawn.map((line) => (
        <LineSpot key={`${line.from}/${line.outlet}`} line={line} flowId={flowId} readOnly={readOnly} />
      ))}
    </>
  );
}
