import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cardHeight, cardWidth, type Layout, type LayoutStep, layoutFlow, layoutList, roundedPath } from './layout.ts';

const step = (id: string, ...targets: Array<string | null>): LayoutStep => ({
  id,
  outlets: targets.map((to, index) => ({ id: `o${index}`, to })),
});

/** Any graph, with merges, loops and parts that nothing leads to. */
const graphs = fc.integer({ min: 1, max: 14 }).chain((size) => {
  const ids = Array.from({ length: size }, (_, index) => `s${index}`);
  const target = fc.option(fc.constantFrom(...ids), { freq: 4 });
  return fc.tuple(...ids.map((id) => fc.array(target, { maxLength: 3 }).map((targets) => step(id, ...targets))));
});

function crossings(layout: Layout): string[] {
  const found: string[] = [];
  for (const line of layout.lines) {
    for (const [index, a] of line.points.entries()) {
      const b = line.points[index + 1];
      if (b === undefined) continue;
      const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
      const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
      for (const [id, card] of layout.cards) {
        const inside = right > card.x && left < card.x + cardWidth && bottom > card.y && top < card.y + cardHeight;
        if (inside) found.push(`${line.from}/${line.outlet} through ${id}`);
      }
    }
  }
  return found;
}

function overlaps(layout: Layout): string[] {
  const cards = [...layout.cards];
  return cards.flatMap(([a, one], index) =>
    cards.slice(index + 1).flatMap(([b, two]) => {
      const apart =
        one.x + cardWidth <= two.x ||
        two.x + cardWidth <= one.x ||
        one.y + cardHeight <= two.y ||
        two.y + cardHeight <= one.y;
      return apart ? [] : [`${a} on ${b}`];
    }),
  );
}

describe('layout', () => {
  it('never puts a card on another and never draws a line through one', () => {
    fc.assert(
      fc.property(graphs, (steps) => {
        const layout = layoutFlow(steps);
        expect(layout.cards.size).toBe(steps.length);
        expect(overlaps(layout)).toEqual([]);
        expect(crossings(layout)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('draws every way out once, in right angles, from its card to its target', () => {
    fc.assert(
      fc.property(graphs, (steps) => {
        const layout = layoutFlow(steps);
        expect(layout.lines).toHaveLength(steps.reduce((sum, each) => sum + each.outlets.length, 0));
        for (const line of layout.lines) {
          for (const [index, a] of line.points.entries()) {
            const b = line.points[index + 1];
            if (b !== undefined) expect(a.x === b.x || a.y === b.y).toBe(true);
          }
          if (line.kind !== 'line' || line.to === null) continue;
          const card = layout.cards.get(line.to);
          expect(line.points.at(-1)).toEqual({ x: (card?.x ?? 0) + cardWidth / 2, y: card?.y });
        }
      }),
    );
  });

  it('keeps ways out far enough apart for their labels', () => {
    fc.assert(
      fc.property(graphs, (steps) => {
        const lines = layoutFlow(steps).lines;
        for (const a of lines) {
          for (const b of lines) {
            if (a === b || a.labelY !== b.labelY) continue;
            expect(Math.abs(a.x - b.x)).toBeGreaterThanOrEqual(130);
          }
        }
      }),
    );
  });

  it('keeps the first way out on a straight main line', () => {
    const layout = layoutFlow([step('a', 'b', 'c'), step('b', 'd'), step('c', 'd'), step('d')]);
    expect(layout.cards.get('b')?.x).toBe(layout.cards.get('a')?.x);
    expect(layout.cards.get('d')?.x).toBe(layout.cards.get('a')?.x);
    expect(layout.reading).toEqual(['a', 'b', 'c', 'd']);
  });

  it('moves nothing to the left of a step that is put in', () => {
    const before = layoutFlow([step('a', 'b', 'c'), step('b'), step('c', null)]);
    const after = layoutFlow([step('a', 'b', 'c'), step('b'), step('c', 'd'), step('d')]);
    for (const id of ['a', 'b', 'c']) expect(after.cards.get(id)?.x).toBe(before.cards.get(id)?.x);
  });

  it('lays out a thousand steps in a moment', () => {
    const steps = Array.from({ length: 1_000 }, (_, index) =>
      step(`s${index}`, index < 999 ? `s${index + 1}` : null, 's999'),
    );
    // The processor's time: whatever else the machine does is not ours.
    const before = process.cpuUsage();
    const layout = layoutFlow(steps);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(2_000);
    expect(layout.cards.size).toBe(1_000);
  });

  it('lists the steps of a flow without lines', () => {
    const layout = layoutList([step('a'), step('b')]);
    expect(overlaps(layout)).toEqual([]);
    expect(layout.lines).toEqual([]);
  });
});

describe('roundedPath', () => {
  it('rounds corners and leaves straight parts alone', () => {
    expect(
      roundedPath([
        { x: 0, y: 0 },
        { x: 0, y: 40 },
      ]),
    ).toBe('M 0 0 L 0 40');
    expect(
      roundedPath(
        [
          { x: 0, y: 0 },
          { x: 0, y: 40 },
          { x: 40, y: 40 },
        ],
        10,
      ),
    ).toBe('M 0 0 L 0 30 Q 0 40 10 40 L 40 40');
  });
});
