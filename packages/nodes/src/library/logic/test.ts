import { z } from 'zod';
import { armsSchema, drawArm, holdoutId, type TestMetric, testMetrics } from '../../define/arms.ts';
import { next, waitFor } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';
import { formatMessage } from '../../text/format-message.ts';

/** What a test step holds. */
export const testConfig = z.object({
  arms: armsSchema.meta({
    ui: {
      label: 'Arms',
      help: 'What is compared. The first is the control, which the others have to beat.',
      control: 'arms',
    },
  }),
  metric: z
    .object({
      kind: z.enum(testMetrics),
      /** The goal that conversions and revenue are of, by the id that the API has for it. */
      goal: z
        .string()
        .max(40)
        .refine((id) => !id.includes('\u0000'))
        .nullable()
        .default(null),
    })
    .default({ kind: 'click', goal: null })
    .meta({ ui: { label: 'What counts', help: 'The arm that does better in this wins.', control: 'test-metric' } }),
  window_hours: z
    .int()
    .min(1)
    .max(720)
    .default(24)
    .meta({
      ui: {
        label: 'Counts for',
        help: 'After somebody is given an arm. Their result is known once this is over.',
        control: 'number',
        unit: 'hours',
      },
    }),
  plan: z
    .object({
      kind: z.enum(['sequential', 'fixed']),
      /** Of all arms together, with a known result: where the test ends. */
      people: z.int().min(100).max(10_000_000),
      /** The least that is worth knowing of: points of a percentage, or money a person. */
      smallest_difference: z.number().positive().max(1_000_000).nullable().default(null),
    })
    .default({ kind: 'sequential', people: 2_000, smallest_difference: null })
    .meta({
      ui: {
        label: 'When it is decided',
        help: 'How many people it takes depends on how often people do it, and on how small a difference you want to see.',
        control: 'test-plan',
      },
    }),
  winner: z
    .enum(['automatic', 'by_hand'])
    .default('automatic')
    .meta({
      ui: {
        label: 'The winner is sent',
        control: 'select',
        options: [
          {
            value: 'automatic',
            label: 'As soon as it is certain',
            help: 'Or the control once the test ends without a difference.',
          },
          { value: 'by_hand', label: 'When somebody decides' },
        ],
      },
    }),
  tested: z
    .int()
    .min(1)
    .max(100)
    .default(100)
    .meta({
      ui: {
        label: 'In the test at once',
        help: 'Of those who come by. The rest waits here and is sent the winner.',
        control: 'number',
        unit: '%',
      },
    }),
  wait_hours: z
    .int()
    .min(1)
    .max(720)
    .default(72)
    .meta({
      ui: {
        label: 'The rest waits at most',
        help: 'Whoever has waited this long goes on by the weights.',
        control: 'number',
        unit: 'hours',
      },
    }),
  control_share: z
    .int()
    .min(0)
    .max(50)
    .default(5)
    .meta({
      ui: {
        label: 'Keeps the control after a winner',
        help: 'So that later you can still tell what the winner brings.',
        control: 'number',
        unit: '%',
      },
    }),
  holdout: z
    .int()
    .min(0)
    .max(50)
    .default(0)
    .meta({
      ui: {
        label: 'Held out',
        help: 'In no arm: they leave by a way of their own, to be compared with everybody else.',
        control: 'number',
        unit: '%',
      },
    }),
});
export type TestConfig = z.output<typeof testConfig>;

const metricWords: Readonly<Record<TestMetric, string>> = {
  click: 'Clicks',
  reply: 'Replies',
  conversion: 'Conversions',
  revenue: 'Revenue',
};

/**
 * Gives each person one of several arms, by a draw that is theirs for good, until one has proven better than the control: from then on that
 * is given to whoever comes, and to those who wait for it.
 *
 * @example
 * {
 *   arms: [{ id: 'a', label: 'As it was', weight: 1 }, { id: 'b', label: 'With an offer', weight: 1 }],
 *   metric: { kind: 'click', goal: null }, plan: { kind: 'sequential', people: 4000 },
 * }
 */
export const test = defineNode({
  type: 'test',
  version: 1,
  title: 'A/B test',
  group: 'logic',
  icon: 'flask-conical',
  docs: 'Gives people different arms, by chance, measures which does better, and sends the winner to the rest.',
  effect: 'test',
  config: testConfig,
  summary: ({ arms, metric, window_hours: hours, tested }) =>
    formatMessage(
      tested === 100 ? '{arms}: {metric} within {hours} h' : '{arms}: {metric} within {hours} h, {tested} % first',
      {
        arms: arms.map(({ label }) => label).join(' / '),
        metric: metricWords[metric.kind].toLowerCase(),
        hours,
        tested,
      },
    ),
  outlets: ({ arms, holdout }) => [
    ...arms.map(({ id, label }) => ({ id, label })),
    ...(holdout === 0 ? [] : [{ id: holdoutId, label: 'Held out', mayStayOpen: true } as const]),
  ],
  problems: {
    test_goal_missing: {
      title: 'No goal is chosen',
      fix: 'Choose the goal whose conversions or revenue count.',
      severity: 'error',
    },
  },
  check: ({ metric }) =>
    (metric.kind === 'conversion' || metric.kind === 'revenue') && metric.goal === null
      ? [{ code: 'test_goal_missing', path: ['metric', 'goal'] }]
      : [],
  reasons: {
    test_drawn: 'Drawn for “{arm}” of the test',
    test_held_out: 'Held out of the test, as {percent} of a hundred are',
    test_stays: 'Was given “{arm}” here before',
    test_winner: '“{arm}” has won the test',
    test_control: 'Keeps “{arm}”, as {percent} of a hundred do since another arm has won',
    test_over: 'Drawn for “{arm}”: the test is over, and nothing has won',
  },
  run: async ({ config, now, random, ports }) => {
    const { arms, holdout, control_share: controlShare } = config;
    const { id, given, over } = await ports.tests.standing();
    if (given === holdoutId && holdout > 0)
      return next(holdoutId, { code: 'test_held_out', values: { percent: holdout } });
    const stays = arms.find((arm) => arm.id === given);
    if (stays !== undefined) return next(stays.id, { code: 'test_stays', values: { arm: stays.label } });
    const drawn = drawArm(config, random.perContact());
    if (drawn.kind === 'held_out') {
      ports.tests.give({ arm: holdoutId, propensity: holdout / 100, by: 'draw' });
      return next(holdoutId, { code: 'test_held_out', values: { percent: holdout } });
    }
    const { arm, share, keepsControl } = drawn;
    const [control] = arms;
    const winner = arms.find((each) => each.id === over?.winner);
    if (winner !== undefined && control !== undefined) {
      const keeps = keepsControl && winner !== control;
      const propensity = winner === control ? 1 : keeps ? controlShare / 100 : 1 - controlShare / 100;
      const taken = keeps ? control : winner;
      ports.tests.give({ arm: taken.id, propensity, by: keeps ? 'control' : 'winner' });
      return keeps
        ? next(taken.id, { code: 'test_control', values: { arm: taken.label, percent: controlShare } })
        : next(taken.id, { code: 'test_winner', values: { arm: taken.label } });
    }
    if (over !== null) {
      ports.tests.give({ arm: arm.id, propensity: share, by: 'deadline' });
      return next(arm.id, { code: 'test_over', values: { arm: arm.label } });
    }
    if (drawn.kind === 'waits') {
      ports.tests.give({ arm: arm.id, propensity: share, by: 'deadline', keepsControl });
      const until = new Date(now.getTime() + config.wait_hours * 3_600_000);
      return waitFor(`test.decided.${id}`, until, { arrived: arm.id, timeout: arm.id });
    }
    ports.tests.give({ arm: arm.id, propensity: share, by: 'draw' });
    return next(arm.id, { code: 'test_drawn', values: { arm: arm.label } });
  },
});
