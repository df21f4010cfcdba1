import { z } from 'zod';
import { end as endDecision } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';

export const end = defineNode({
  type: 'end',
  version: 1,
  title: 'End',
  group: 'end',
  icon: 'circle-stop',
  docs: 'Ends the flow here. People who get this far count as finished.',
  effect: 'none',
  config: z.object({}),
  summary: () => 'People who get here are done',
  outlets: () => [],
  reasons: { reached_end: 'Reached the end' },
  run: () => endDecision({ code: 'reached_end' }),
});
