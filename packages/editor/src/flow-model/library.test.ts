import { catalogue } from '@signalbox/nodes/library/catalogue.gen';
import { describe, expect, it } from 'vitest';
import { newStep, outletsOf, settledOutlets, viewOf } from './library.ts';

describe('a new step', () => {
  for (const node of catalogue) {
    it(`of type ${node.type} knows its ways out before it is filled in`, () => {
      const step = newStep(node.type, 'x');
      expect(outletsOf(step).length > 0).toBe(node.group !== 'end');
      expect(viewOf(step).icon).toBe(node.icon);
    });
  }

  it('keeps a branch with a half-written condition and label on its ways out', () => {
    const branch = {
      ...newStep('branch', 'x'),
      config: { branches: [{ id: 'yes', label: '', condition: { field: 'reply.text', op: 'is', value: '' } }] },
    };
    expect(outletsOf(branch).map((outlet) => outlet.id)).toEqual(['yes', 'else']);
    expect(settledOutlets(branch)).toBeNull();
  });
});
