import { describe, expect, it } from 'vitest';
import { createCountsStore } from './counts-store.ts';

const counts = (here: number, sent = 1) => ({
  flow_id: 'flw_a',
  steps: { one: { entered: here + 2, here, left: 2, failed: 0 }, two: { entered: 5, here: 5, left: 0, failed: 0 } },
  outlets: { one: { sent } },
});

describe('live numbers', () => {
  it('tells only who looks at a number that changed', () => {
    const store = createCountsStore();
    store.apply([counts(1)]);
    const told: string[] = [];
    for (const key of ['flw_a/one', 'flw_a/two', 'flw_a/one/sent']) store.subscribe(key, () => told.push(key));
    store.apply([counts(1)]);
    expect(told).toEqual([]);
    store.apply([counts(3)]);
    expect(told).toEqual(['flw_a/one']);
    store.apply([counts(3, 9)]);
    expect(told).toEqual(['flw_a/one', 'flw_a/one/sent']);
    expect(store.outlet('flw_a', 'one', 'sent')).toBe(9);
  });

  it('gives the same object until the number changes, so that nothing renders in vain', () => {
    const store = createCountsStore();
    store.apply([counts(1)]);
    const before = store.step('flw_a', 'one');
    store.apply([counts(1)]);
    expect(store.step('flw_a', 'one')).toBe(before);
    expect(store.step('flw_b', 'one')).toBeUndefined();
  });

  it('are not put back by an answer that was on its way while the stream told newer ones', () => {
    const store = createCountsStore();
    store.apply([counts(1)]);
    const take = store.reading('flw_a');
    store.apply([counts(2)]);
    take(counts(1));
    expect(store.step('flw_a', 'one')?.here).toBe(2);
  });

  it('are those of an answer during which nothing was told', () => {
    const store = createCountsStore();
    store.reading('flw_a')(counts(1));
    expect(store.step('flw_a', 'one')?.here).toBe(1);
    const take = store.reading('flw_a');
    store.apply([{ ...counts(7), flow_id: 'flw_b' }]);
    take(counts(3));
    expect(store.step('flw_a', 'one')?.here).toBe(3);
  });

  it('stops telling who left', () => {
    const store = createCountsStore();
    let told = 0;
    const stop = store.subscribe('flw_a/one', () => {
      told += 1;
    });
    stop();
    store.apply([counts(4)]);
    expect(told).toBe(0);
  });
});
