import { z } from 'zod';
import { sleepUntil } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';
import { describeDuration, durationUpTo, toMilliseconds } from '../../text/duration.ts';
import { formatCount, formatMessage } from '../../text/format-message.ts';
import { instantOf, nextTimeOfDay, timeOfDayAfter, timeOfDayAfterLength } from '../../time/zoned-time.ts';

const config = z.object({
  duration: durationUpTo({ amount: 366, unit: 'days' }).meta({
    ui: {
      label: 'How long',
      help: 'A day is 24 hours. With a time of day below, calendar days count.',
      control: 'duration',
    },
  }),
  until_time: z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: 'A time of day such as 09:00' })
    .optional()
    .meta({
      ui: {
        label: 'Then until',
        help: 'A time of day where the person is, or in the workspace’s time zone for people without one.',
        placeholder: '09:00',
        control: 'text',
      },
    }),
  until_date: z.iso
    .date()
    .optional()
    .meta({
      ui: {
        label: 'But not before',
        help: 'A day where the person is, such as 2026-12-24. Without a time of day above, its first moment.',
        placeholder: '2026-12-24',
        control: 'text',
      },
    }),
  until_open: z
    .boolean()
    .optional()
    .meta({
      ui: {
        label: 'Then until you are open',
        help: 'By your opening hours and holidays, as they stand when somebody comes here.',
        control: 'toggle',
      },
    }),
});

/** Days are hours unless a time of day is given: what the summary says of them. */
const daysOfHours = 'Wait {duration} ({hours})';
const calendarDays = {
  one: 'Wait 1 calendar day, then until {time} their time',
  other: 'Wait {count} calendar days, then until {time} their time',
} as const;
const untilDate = 'Wait until {date}, {time} their time';

/**
 * Holds people for a time and, where a time of day is given, on until it comes around where they are: the first such moment at or after
 * the end of the duration. Days then are days of the calendar, whatever clocks do in between. Whoever comes up to five minutes past the
 * time of day has not missed it, unless whole days are written as hours or minutes: 24 hours are never less. A time that clocks skip in
 * spring comes when they jump; one that comes twice in autumn counts the first time. Where a day is given, nobody goes on before it is that day
 * where they are; for whom its time of day is past by then, it comes the next day. Where the workspace's opening hours count, people go on
 * once it is open after that; where it is closed for months, at the end of the wait itself.
 *
 * @example { duration: { amount: 2, unit: 'days' }, until_time: '09:00' }
 */
export const wait = defineNode({
  type: 'wait',
  version: 1,
  title: 'Wait',
  group: 'wait',
  icon: 'clock',
  docs: 'Makes people wait for a while and, if you like, until a time of day where they are, or until you are open.',
  effect: 'none',
  config,
  summary: (config) =>
    config.until_open === true ? formatMessage(thenOpen, { wait: waitInWords(config) }) : waitInWords(config),
  outlets: () => [{ id: 'done', label: 'Then' }],
  pausingOutlets: ['done'],
  reasons: {
    waited_until_time: 'Waits until {time} ({zone})',
    waited_until_open: 'Waits until you are open',
  },
  run: async ({ config, zone, now, ports }) => {
    const { until_time, until_date, until_open: untilOpen = false } = config;
    const time = until_time ?? (until_date === undefined ? undefined : dayBegins);
    const end = endOf(config, now, zone);
    const opens = untilOpen ? await ports.hours.opensAt(end) : null;
    if (opens !== null && opens > end) return sleepUntil(opens, 'done', { code: 'waited_until_open' });
    return time === undefined
      ? sleepUntil(end, 'done')
      : sleepUntil(end, 'done', { code: 'waited_until_time', values: { time, zone } });
  },
});

type Config = z.infer<typeof config>;

/** The time of day at which a day begins. */
const dayBegins = '00:00';
/** Whoever comes this long past a time of day has not missed it, here neither. */
const graceMs = 5 * 60_000;

function endOf({ duration, until_time: time, until_date: date }: Config, now: Date, zone: string): Date {
  const lengthMs = toMilliseconds(duration);
  if (date !== undefined) {
    const day = instantOf(Date.parse(`${date}T00:00:00Z`), zone);
    const from = new Date(Math.max(day, now.getTime() + lengthMs - graceMs));
    return nextTimeOfDay({ from, time: time ?? dayBegins, zone });
  }
  if (time === undefined) return new Date(now.getTime() + lengthMs);
  return duration.unit === 'days'
    ? timeOfDayAfter({ from: now, days: duration.amount, time, zone })
    : timeOfDayAfterLength({ from: now, lengthMs, time, zone });
}

const thenOpen = '{wait}, then until you are open';

function waitInWords({ duration: length, until_time: time, until_date: date }: Config): string {
  if (date !== undefined) return formatMessage(untilDate, { date, time: time ?? dayBegins });
  const { amount, unit } = length;
  const duration = describeDuration(length);
  if (time === undefined)
    return unit === 'days'
      ? formatMessage(daysOfHours, { duration, hours: describeDuration({ amount: amount * 24, unit: 'hours' }) })
      : formatMessage('Wait {duration}', { duration });
  return unit === 'days'
    ? formatCount(amount, calendarDays, { time })
    : formatMessage('Wait {duration}, then until {time} their time', { duration, time });
}
