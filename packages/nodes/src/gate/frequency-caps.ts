import { z } from 'zod';
import { defineRule, later, refuse, send } from './define-rule.ts';

/** A cap: so many messages in so many hours. */
const capSchema = z.strictObject({ messages: z.int().min(1).max(50), hours: z.int().min(1).max(720) });

const settings = z.object({
  caps: z
    .array(capSchema)
    .max(4)
    .default([])
    .meta({
      ui: {
        label: 'Marketing messages to one person',
        help: 'At most so many in so many hours.',
        control: 'caps',
      },
    }),
  over: z
    .enum(['skip', 'hold'])
    .default('skip')
    .meta({
      ui: {
        label: 'When someone has had that many',
        control: 'select',
        options: [
          { value: 'skip', label: 'Do not send the message' },
          { value: 'hold', label: 'Keep it until they may have another' },
        ],
      },
    }),
});

const hourMs = 3_600_000;

/** People get no more marketing in a while than the workspace wants to send them. */
export const frequencyCaps = defineRule({
  name: 'frequency-caps',
  title: 'Frequency caps',
  says: 'Nobody gets more marketing messages in a while than you set here.',
  exempts: ['compliance_answer'],
  reasons: { frequency_cap: 'They had as many messages as they may have ({messages} in {hours} h)' },
  settings,
  decide: ({ purpose, isAnswer, earlier, now }, { caps, over }) => {
    if (purpose !== 'marketing' || isAnswer) return send;
    const reached = caps.flatMap(({ messages, hours }) => {
      // The one that has to be older than the window before another may go.
      const oldest = earlier[messages - 1];
      const until = oldest === undefined ? 0 : oldest.getTime() + hours * hourMs;
      return until > now.getTime() ? [{ until, values: { messages, hours } }] : [];
    });
    const longest = reached.reduce<(typeof reached)[number] | null>(
      (most, each) => (most === null || each.until > most.until ? each : most),
      null,
    );
    if (longest === null) return send;
    return over === 'skip'
      ? refuse('frequency_cap', longest.values)
      : later(new Date(longest.until), 'frequency_cap', longest.values);
  },
});
