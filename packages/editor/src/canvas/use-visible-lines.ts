import { useStore } from '@xyflow/react';
import { useMemo } from 'react';
import type { LayoutLine } from './layout.ts';

const tile = 800;
const few = 150;

/** The lines in sight and a little around, for flows with many. It changes only when the view crosses into another tile. */
export function useVisibleLines(lines: readonly LayoutLine[]): readonly LayoutLine[] {
  const tiles = useStore((state) => {
    const [x, y, zoom] = state.transform;
    const edge = (value: number, size: number) => [
      Math.floor(-value / zoom / tile) - 1,
      Math.floor((size - value) / zoom / tile) + 2,
    ];
    return [...edge(x, state.width), ...edge(y, state.height)].join(' ');
  });
  return useMemo(() => {
    if (lines.length <= few) return lines;
    const [left = 0, right = 0, top = 0, bottom = 0] = tiles.split(' ').map((each) => Number(each) * tile);
    return lines.filter((line) => {
      const xs = line.points.map((point) => point.x);
      const ys = line.points.map((point) => point.y);
      return (
        Math.max(...xs, line.x) >= left &&
        Math.min(...xs, line.x) <= right &&
        Math.max(...ys, line.plusY) >= top &&
        Math.min(...ys) <= bottom
      );
    });
  }, [lines, tiles]);
}
