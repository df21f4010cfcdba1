import { z } from 'zod';
import { sleepUntil } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';
import { describeDuration, durationUpTo, toMilliseconds } from '../../text/duration.ts';
import { formatMessage } from '../../text/format-message.ts';
import { nextTimeOfDay, zoneOrUtc } from '../../time/zoned-time.ts';

const config = z.object({
  duration: durationUpTo({ amount: 366, unit: 'days' }).meta({
    ui: { label: 'How long', help: 'A day is 24 hours.', control: 'duration' },
  }),
  until_time: z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: 'A time of day such as 09:00' })
    .optional()
    .meta({
      ui: {
        label: 'Then until',
        help: 'A time of day where the person is. Without a known time zone it counts in UTC.',
        placeholder: '09:00',
        control: 'text',
      },
    }),
});

/**
 * Holds people for a time and, where a time of day is given, on until it comes around where they are: the first such
 * moment at or after the end of the duration. A time that clocks skip in spring comes when they jump; one that comes
 * twice in autumn counts the first time.
 *
 * @example { duration: { amount: 2, unit: 'days' }, until_time: '09:00' }
 */
export const wait = defineNode({
  type: 'wait',
  version: 1,
  title: 'Wait',
  group: 'wait',
  icon: 'clock',
  docs: 'Holds people for a length of time, and if you like until a time of day where they are.',
  effect: 'none',
  config,
  summary: ({ duration, until_time: time }) =>
    time === undefined
      ? formatMessage('Wait {duration}', { duration: describeDuration(duration) })
      : formatMessage('Wait {duration}, then until {time} their time', { duration: describeDuration(duration), time }),
  outlets: () => [{ id: 'done', label: 'Then' }],
  pausingOutlets: ['done'],
  run: ({ config: { duration, until_time: time }, contact, now }) => {
    const end = new Date(now.getTime() + toMilliseconds(duration));
    if (time === undefined) return sleepUntil(end, 'done');
    const zone = zoneOrUtc(contact.time_zone);
    return sleepUntil(nextTimeOfDay({ from: end, time, zone }), 'done', {
      code: 'waited_until_time',
      values: { time, zone },
    });
  },
});
