import { defineSweep } from './define-sweep.ts';

/** Tells webhooks of what happened, and asks again those that could not be told. */
export const outgoingWebhooks = defineSweep({
  name: 'outgoing-webhooks',
  every: 500,
  create:
    ({ webhooks }) =>
    async ({ all }) => {
      const began = await webhooks.turn();
      if (all) await webhooks.idle();
      return began;
    },
});
