import { describe, expect, it } from 'vitest';
import { cardHeight, layoutFlow } from './layout.ts';
import { plusScale, plusSide, wholeView } from './views.ts';

/** Steps one below the other. */
const tall = (count: number) =>
  layoutFlow(
    Array.from({ length: count }, (_, n) => ({
      id: `s${n}`,
      outlets: [{ id: 'next', to: n + 1 < count ? `s${n + 1}` : null }],
    })),
  );
const room = { width: 1_300, height: 840 };

describe('All of a flow in sight', () => {
  it.each([3, 12, 25, 200])('leaves every "+" large enough to be hit and beside the cards, with %i steps', (count) => {
    const layout = tall(count);
    const { zoom } = wholeView(layout, room, 232, null);
    const side = plusSide * plusScale(zoom);
    expect(side * zoom).toBeGreaterThanOrEqual(24);
    for (const line of layout.lines.filter(({ kind }) => kind === 'line')) {
      const [above, below] = [layout.cards.get(line.from), layout.cards.get(line.to ?? '')];
      expect(line.plusY - side / 2).toBeGreaterThanOrEqual((above?.y ?? 0) + cardHeight);
      expect(line.plusY + side / 2).toBeLessThanOrEqual(below?.y ?? 0);
    }
  });

  it('shows the part around the chosen card of what is too tall, else its top', () => {
    const layout = tall(25);
    const seen = (around: string | null, id: string): boolean => {
      const view = wholeView(layout, room, 232, around);
      const top = (layout.cards.get(id)?.y ?? 0) * view.zoom + view.y;
      return top >= 0 && top + cardHeight * view.zoom <= room.height;
    };
    expect([seen(null, 's0'), seen(null, 's24'), seen('s24', 's24'), seen('s12', 's12')]).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});
