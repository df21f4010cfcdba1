import { defineSweep } from './define-sweep.ts';

/** Moves people whose messages settled while nobody was there to be nudged. */
export const settled = defineSweep({
  name: 'settled',
  every: 5_000,
  create:
    ({ settlements }) =>
    () =>
      settlements.drain(),
});
