import { defineSweep } from './define-sweep.ts';

/** Starts the dispatchers' workflows where Temporal has none. */
export const dispatchers = defineSweep({
  name: 'dispatchers',
  every: 10_000,
  create:
    ({ ensureDispatch }) =>
    async () => {
      await ensureDispatch();
      return 0;
    },
});
