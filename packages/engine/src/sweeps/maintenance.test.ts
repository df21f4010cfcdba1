import { expect, test } from 'vitest';
import { sweeps } from './catalogue.gen.ts';
import { defineSweep } from './define-sweep.ts';
import { sweepsByName } from './maintenance.ts';

const dust = defineSweep({ name: 'dust', every: 'quick', create: () => async () => 0 });

test('two sweeps of one name are an error, and not one that never has its turn', () => {
  expect(() => sweepsByName([dust, { ...dust, every: 100 }])).toThrow('Two sweeps are called dust.');
  expect([...sweepsByName([dust, { ...dust, name: 'rust' }]).keys()]).toEqual(['dust', 'rust']);
});

test('the sweeps of the folder have a name each, and pauses that a person would wait for or longer', () => {
  expect([...sweepsByName(sweeps).values()]).toEqual(sweeps);
  for (const { name, every } of sweeps) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    if (every !== 'quick') expect([name, Number.isInteger(every) && every >= 100]).toEqual([name, true]);
  }
});
