import { z } from 'zod';
import { openFrom, type PlacedHours, type WeekHours, weekHoursSchema } from '../time/week-hours.ts';
import { isTimeZone } from '../time/zoned-time.ts';
import { hasBegun } from './begun.ts';
import { defineRule, type GateFacts, later, refuse, send } from './define-rule.ts';
import { type QuietLaw, quietLaws } from './quiet-laws.ts';
import { spreadFrom } from './spread.ts';

const settings = z.object({
  law: z
    .boolean()
    .default(true)
    .meta({
      ui: {
        label: 'Keep the hours that laws set',
        help: 'By the country of the number, and by the state in the USA: 8:00 to 21:00 there, narrower in some states; Australia’s telemarketing hours.',
      },
    }),
  hours: z
    .array(weekHoursSchema)
    .max(14)
    .default([])
    .meta({
      ui: {
        label: 'Your own hours',
        help: 'Marketing goes out within these alone, besides what laws say. Without any, at every hour that laws leave open.',
        control: 'week-hours',
      },
    }),
  unknown_zone: z
    .enum(['workspace', 'number'])
    .default('workspace')
    .meta({
      ui: {
        label: 'Where nobody knows someone’s time zone',
        control: 'select',
        options: [
          { value: 'workspace', label: 'Go by the workspace’s time zone' },
          {
            value: 'number',
            label: 'Go by everywhere their number may be',
            help: 'It must be time in every zone of their country, or of their state in the USA.',
          },
        ],
      },
    }),
  outside: z
    .enum(['hold', 'skip'])
    .default('hold')
    .meta({
      ui: {
        label: 'Outside these hours',
        control: 'select',
        options: [
          { value: 'hold', label: 'Keep messages until the hours begin' },
          { value: 'skip', label: 'Do not send them at all' },
        ],
      },
    }),
  spread_minutes: z
    .int()
    .min(0)
    .max(120)
    .default(10)
    .meta({
      ui: {
        label: 'Spread the start over',
        help: 'What was kept goes out spread over this time, not all at once.',
        unit: 'minutes',
        visible: { field: 'outside', equals: 'hold' },
      },
    }),
});

const minuteMs = 60_000;

/** Marketing goes out while it is time for it where the person is; what they asked for, and answers to them, at any hour. */
export const quietHours = defineRule({
  name: 'quiet-hours',
  title: 'Quiet hours',
  says: 'Marketing goes out only at hours at which people may be texted, on their own clocks.',
  exempts: ['compliance_answer'],
  reasons: {
    quiet_hours: 'Quiet hours in {zone}',
    never_open: 'There is no hour at which all rules for {zone} let marketing through',
  },
  remedies: {
    never_open: 'Messages of this flow would not be sent. Widen your own hours in the compliance rules.',
  },
  settings,
  decide: (facts, chosen) => {
    if (facts.purpose !== 'marketing' || facts.isAnswer) return send;
    const zones = zonesOf(facts, chosen.unknown_zone);
    const laws = chosen.law ? lawsFor(facts) : [];
    if (laws.length === 0 && chosen.hours.length === 0) return send;
    const opens = opening(facts.now, zones, laws, chosen.hours);
    const values = { zone: zones.join(', ') };
    if (opens === null) return refuse('never_open', values);
    if (opens <= facts.now) return send;
    if (chosen.outside === 'skip') return refuse('quiet_hours', values);
    const placed = placedHours(zones, laws, chosen.hours);
    const until = spreadFrom(opens, chosen.spread_minutes, facts.draw, (at) => isOpen(at, placed));
    return later(until, 'quiet_hours', values);
  },
});

/** Their own zone; else the workspace's or all that the number may be in, as the workspace chose. */
function zonesOf({ zone, place, workspaceZone }: GateFacts, unknown: 'workspace' | 'number'): readonly string[] {
  if (zone !== null && isTimeZone(zone)) return [zone];
  return unknown === 'workspace' || place.zones.length === 0 ? [workspaceZone] : place.zones;
}

const lawsByCountry = Map.groupBy(quietLaws, ({ country }) => country);

function lawsFor({ place, now }: GateFacts): readonly QuietLaw[] {
  const ofCountry = place.country === null ? undefined : lawsByCountry.get(place.country);
  if (ofCountry === undefined) return [];
  return ofCountry.filter(
    ({ states, since }) =>
      hasBegun(since, now) && (states === undefined || place.states.some((state) => states.includes(state))),
  );
}

const kept: { now: number; readonly openings: Map<string, Date | null> } = { now: 0, openings: new Map() };

/** When it is time; the answer is kept while it is asked for the same moment, as a batch of people asks for few different places. */
function opening(
  now: Date,
  zones: readonly string[],
  laws: readonly QuietLaw[],
  own: readonly WeekHours[],
): Date | null {
  if (kept.now !== now.getTime()) {
    kept.now = now.getTime();
    kept.openings.clear();
  }
  const key = JSON.stringify([zones, laws.map(({ id }) => id), own]);
  const known = kept.openings.get(key);
  if (known !== undefined) return known;
  const opens = opensFrom(now, placedHours(zones, laws, own));
  kept.openings.set(key, opens);
  return opens;
}

function placedHours(zones: readonly string[], laws: readonly QuietLaw[], own: readonly WeekHours[]): PlacedHours[] {
  const rules = [...laws.map(({ hours }) => hours), ...(own.length === 0 ? [] : [own])];
  return zones.flatMap((zone) => rules.map((hours) => ({ zone, hours })));
}

/** A message that is let through is posted within seconds: in the last minute it waits. */
const opensFrom = (at: Date, placed: readonly PlacedHours[]): Date | null => openFrom(at, placed, minuteMs);
const isOpen = (at: Date, placed: readonly PlacedHours[]): boolean => opensFrom(at, placed)?.getTime() === at.getTime();
