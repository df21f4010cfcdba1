import { defineSweep } from './define-sweep.ts';

/** Fetches the pictures that came with texts. */
export const media = defineSweep({
  name: 'media',
  every: 'quick',
  create:
    ({ media: { fetching } }) =>
    async ({ all }) => {
      const began = await fetching.turn();
      if (all) await fetching.idle();
      return began;
    },
});
