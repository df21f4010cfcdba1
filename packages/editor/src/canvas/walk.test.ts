import { describe, expect, it } from 'vitest';
import { type LayoutStep, layoutFlow } from './layout.ts';
import { spotsOf, walk } from './walk.ts';

const step = (id: string, ...targets: Array<string | null>): LayoutStep => ({
  id,
  outlets: targets.map((to, index) => ({ id: `o${index}`, to })),
});

const layout = layoutFlow([
  step('start', 'check'),
  step('check', 'send', 'other'),
  step('send', null, null),
  step('other'),
]);

describe('walking the canvas by arrow keys', () => {
  it('follows the main line down and back up', () => {
    expect(walk(layout, 'step:start', 'down')).toBe('step:check');
    expect(walk(layout, 'step:check', 'down')).toBe('step:send');
    expect(walk(layout, 'step:send', 'up')).toBe('step:check');
  });

  it('reaches an open way out and comes back from it', () => {
    expect(walk(layout, 'step:send', 'down')).toBe('outlet:send:o0');
    expect(walk(layout, 'outlet:send:o0', 'right')).toBe('outlet:send:o1');
    expect(walk(layout, 'outlet:send:o1', 'up')).toBe('step:send');
  });

  it('goes along a row', () => {
    expect(walk(layout, 'step:send', 'right')).toBe('step:other');
    expect(walk(layout, 'step:other', 'left')).toBe('step:send');
    expect(walk(layout, 'step:start', 'left')).toBeNull();
  });

  it('reaches every spot from the first by arrows alone', () => {
    const seen = new Set(['step:start']);
    for (const key of seen) {
      for (const direction of ['up', 'down', 'left', 'right'] as const) {
        const next = walk(layout, key, direction);
        if (next !== null) seen.add(next);
      }
    }
    expect([...seen].toSorted()).toEqual(
      spotsOf(layout)
        .map((spot) => spot.key)
        .toSorted(),
    );
  });
});
