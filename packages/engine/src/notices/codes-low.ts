import { z } from 'zod';
import { defineNotice } from './define-notice.ts';

/** Fewer codes are left in a pool than somebody wants to be told of. Over once there are more, or the pool is archived. */
export const codesLow = defineNotice({
  kind: 'codes_low',
  severity: 'warning',
  values: z.object({ pool: z.string(), left: z.number() }),
  title: ({ pool, left }) =>
    left === 0 ? `“${pool}” has no codes left` : `“${pool}” has ${left} ${left === 1 ? 'code' : 'codes'} left`,
  action: () => 'Put more codes into the pool: without one, texts do what they say for somebody without a code.',
  remedy: (subject) => ({ label: 'Open pool', path: `/campaigns/codes/${subject}` }),
});
