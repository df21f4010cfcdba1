import { z } from 'zod';
import { next } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';

/**
 * Starts the flow for the people of its campaign’s audience, when the campaign says so.
 *
 * @example {}
 */
export const campaign = defineNode({
  type: 'campaign',
  version: 1,
  title: 'Campaign',
  group: 'trigger',
  icon: 'megaphone',
  docs: 'Starts the flow for the people whom its campaign is for. Who they are and when they come is set in the campaign.',
  effect: 'none',
  config: z.object({}),
  summary: () => 'The people of the campaign’s audience',
  outlets: () => [{ id: 'next', label: 'Next' }],
  trigger: () => ({ kind: 'campaign', keys: [{ key: 'audience', path: [] }], entered: () => null }),
  reasons: { campaign_entered: 'Was in the audience of the campaign' },
  run: () => next('next', { code: 'campaign_entered' }),
});
