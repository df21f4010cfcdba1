import { z } from 'zod';
import { next } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';
import { formatMessage } from '../../text/format-message.ts';

const config = z.object({
  shares: z
    .array(
      z.object({
        /** The outlet's id: stable when the label changes. */
        id: z
          .string()
          .regex(/^[a-z][a-z0-9_]{0,31}$/, { error: 'Small letters, digits and underscores, beginning with a letter' }),
        label: z.string().trim().min(1).max(40),
        /** Of a hundred people who come by. */
        percent: z.int().min(0).max(100),
      }),
    )
    .min(2)
    .max(8)
    .superRefine((shares, context) => {
      shares.forEach(({ id, label }, index) => {
        const before = shares.slice(0, index);
        if (before.some((share) => share.id === id))
          context.addIssue({ code: 'custom', message: 'Two shares have this id', path: [index, 'id'] });
        if (before.some((share) => share.label === label))
          context.addIssue({ code: 'custom', message: 'Two shares have this name', path: [index, 'label'] });
      });
      const sum = shares.reduce((total, { percent }) => total + percent, 0);
      if (sum !== 100)
        context.addIssue({ code: 'custom', message: `The percentages add up to ${sum}, not to 100`, path: [] });
    })
    .meta({
      ui: {
        label: 'Shares',
        help: 'Of everybody who comes by. They add up to 100 percent.',
        control: 'shares',
      },
    }),
  again: z
    .enum(['same', 'anew'])
    .default('same')
    .meta({
      ui: {
        label: 'Who comes by again',
        control: 'select',
        options: [
          { value: 'same', label: 'Goes the same way', help: 'For as long as the percentages stay as they are.' },
          { value: 'anew', label: 'Is drawn anew' },
        ],
      },
    }),
});

/**
 * Sends shares of the people different ways, by chance. With `again: 'same'` a person's draw is a hash of flow, person and step, so that
 * they go the same way whenever they come by; where a share grows, only as many people change sides as it grew by, from its neighbours on.
 *
 * @example { shares: [{ id: 'a', label: 'Short text', percent: 50 }, { id: 'b', label: 'Long text', percent: 50 }] }
 */
export const split = defineNode({
  type: 'split',
  version: 1,
  title: 'Split',
  group: 'logic',
  icon: 'percent',
  docs: 'Sends shares of the people different ways, by chance: to hold a share back, or to compare two ways.',
  effect: 'none',
  config,
  summary: ({ shares }) => shares.map(({ label, percent }) => `${label} ${percent} %`).join(', '),
  outlets: ({ shares }) => shares.map(({ id, label }) => ({ id, label })),
  reasons: {
    split: (values) => formatMessage('Drawn for “{share}”, as {percent} of a hundred are', values),
  },
  run: ({ config: { shares, again }, random }) => {
    const drawn = (again === 'same' ? random.perContact() : random.perVisit()) * 100;
    let upTo = 0;
    const share = shares.find(({ percent }) => {
      upTo += percent;
      return drawn < upTo;
    });
    const taken = share ?? shares.findLast(({ percent }) => percent > 0);
    if (taken === undefined) throw new Error('Shares that add up to a hundred have one above nothing.');
    return next(taken.id, { code: 'split', values: { share: taken.label, percent: taken.percent } });
  },
});
