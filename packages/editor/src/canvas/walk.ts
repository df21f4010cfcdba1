import { cardWidth, type Layout } from './layout.ts';

export type Direction = 'up' | 'down' | 'left' | 'right';

type Spot = { readonly key: string; readonly x: number; readonly y: number };

/** Every card and every "+" with its key, in reading order. */
export function spotsOf(layout: Layout): Spot[] {
  const cards = layout.reading.map((id): Spot => {
    const at = layout.cards.get(id);
    return { key: `step:${id}`, x: (at?.x ?? 0) + cardWidth / 2, y: at?.y ?? 0 };
  });
  const open = layout.lines
    .filter((line) => line.kind !== 'line')
    .map((line): Spot => ({ key: `outlet:${line.from}:${line.outlet}`, x: line.x, y: line.plusY }));
  return [...cards, ...open];
}

/**
 * The next stop of an arrow key: down follows the first way out, up goes back to where a step is reached from, left and
 * right go to the neighbour in the same row, or to the next way out of the same step. Null where there is none.
 */
export function walk(layout: Layout, from: string, direction: Direction): string | null {
  const spots = spotsOf(layout);
  const here = spots.find((spot) => spot.key === from);
  if (here === undefined) return spots[0]?.key ?? null;
  const step = from.startsWith('step:') ? from.slice(5) : null;
  if (direction === 'down') {
    const first = layout.lines.find((line) => line.from === step);
    if (first === undefined) return null;
    return first.kind === 'line' && first.to !== null ? `step:${first.to}` : `outlet:${first.from}:${first.outlet}`;
  }
  if (direction === 'up') {
    if (step === null) return `step:${from.split(':')[1]}`;
    const above = layout.lines.filter((line) => line.kind === 'line' && line.to === step);
    const nearest = above.toSorted((a, b) => Math.abs(a.x - here.x) - Math.abs(b.x - here.x))[0];
    return nearest === undefined ? null : `step:${nearest.from}`;
  }
  const sign = direction === 'right' ? 1 : -1;
  const row = spots
    .filter((spot) => Math.abs(spot.y - here.y) < 130 && (spot.x - here.x) * sign > 1)
    .toSorted(
      (a, b) =>
        Math.abs(a.x - here.x) + Math.abs(a.y - here.y) * 2 - Math.abs(b.x - here.x) - Math.abs(b.y - here.y) * 2,
    );
  return row[0]?.key ?? null;
}
