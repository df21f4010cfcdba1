import { z } from 'zod';
import { next } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';

const isSegment = /^seg_[0-9a-hjkmnp-tv-z]{26}$/;

const config = z.object({
  segment: z
    .string()
    .min(1)
    .max(40)
    .meta({ ui: { label: 'Segment', control: 'segment' } }),
  when: z
    .enum(['entered', 'left'])
    .default('entered')
    .meta({
      ui: {
        label: 'Starts when somebody',
        control: 'select',
        options: [
          { value: 'entered', label: 'comes into the segment' },
          { value: 'left', label: 'leaves the segment' },
        ],
      },
    }),
});

/**
 * Starts the flow for whoever comes into a segment, or leaves it, as they change or as time passes. Whoever is in it already is not let in.
 *
 * @example { segment: 'seg_01jd4w7h8zqv3m5k2n9x6r0t4c', when: 'entered' }
 */
export const segment = defineNode({
  type: 'segment',
  version: 1,
  title: 'Segment',
  group: 'trigger',
  icon: 'circle-dashed',
  docs: 'Starts the flow when somebody comes into a segment, or leaves it. Whoever is in the segment already is not let in by it.',
  effect: 'none',
  config,
  summary: ({ when }) =>
    when === 'entered' ? 'When somebody comes into the segment' : 'When somebody leaves the segment',
  outlets: () => [{ id: 'next', label: 'Next' }],
  trigger: ({ segment: id, when }) => ({
    kind: 'segment',
    keys: [{ key: `${when} ${id}`, path: ['segment'] }],
    entered: () => null,
  }),
  problems: {
    segment_unfit: { severity: 'error', title: 'This is no segment', fix: 'Choose one of the workspace’s segments.' },
  },
  check: ({ segment: id }) => (isSegment.test(id) ? [] : [{ code: 'segment_unfit', path: ['segment'] }]),
  reasons: {
    segment_entered: 'Came into the segment',
    segment_left: 'Left the segment',
  },
  run: ({ config: { when } }) => next('next', { code: when === 'entered' ? 'segment_entered' : 'segment_left' }),
});
