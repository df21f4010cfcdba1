import { z } from 'zod';
import { isOpenAt, opensAt } from '../time/opening-hours.ts';
import { defineRule, type GateFacts, later, refuse, send } from './define-rule.ts';
import { quietHours } from './quiet-hours.ts';
import { spreadFrom } from './spread.ts';

const settings = z.object({
  marketing: z
    .boolean()
    .default(false)
    .meta({
      ui: {
        label: 'Marketing goes out while you are open',
        help: 'Somebody is there then for whoever answers. Opening hours and holidays are set under Opening hours.',
      },
    }),
  transactional: z
    .boolean()
    .default(false)
    .meta({
      ui: {
        label: 'Transactional messages go out while you are open',
        help: 'One-time passwords and answers to people’s own texts go out at any hour.',
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
        help: 'What was kept goes out spread over this time once you open, not all at once.',
        unit: 'minutes',
      },
    }),
});

/** What a workspace chose goes out while somebody of it is there; the rest waits until it opens. */
export const openingHours = defineRule({
  name: 'opening-hours',
  title: 'Opening hours',
  says: 'Messages of the purposes that you choose wait until you are open.',
  exempts: ['compliance_answer'],
  reasons: {
    closed: 'Waits until opening hours begin',
    never_opens: 'The workspace is closed for the next two months',
    never_together: 'There is no hour at which you are open and quiet hours let the message through',
  },
  remedies: {
    never_opens: 'Messages of this flow would not be sent. Look at the opening hours and closed days in the settings.',
    never_together:
      'Choose other opening hours, or let marketing wait for quiet hours alone: it is night there whenever you are open.',
  },
  settings,
  decide: (facts, { marketing, transactional, spread_minutes }) => {
    const { purpose, isAnswer, now } = facts;
    if (isAnswer || !((marketing && purpose === 'marketing') || (transactional && purpose === 'transactional')))
      return send;
    const until = opensFor(facts, spread_minutes);
    if (until === 'never_opens' || until === 'never_together') return refuse(until);
    return until <= now ? send : later(until, 'closed');
  },
});

/** Rounds in which the two sets of hours must meet: more than a week has openings. */
const mostRounds = 30;

/**
 * When it may go out: once the workspace is open and quiet hours do not keep it again. Where each has the message wait for the other it
 * would wait for ever.
 */
function opensFor(facts: GateFacts, spreadMinutes: number): Date | 'never_opens' | 'never_together' {
  const place = { zone: facts.workspaceZone, country: facts.homeCountry };
  let from = facts.now;
  for (let round = 0; round < mostRounds; round += 1) {
    const opens = opening({ ...facts, now: from });
    if (opens === null) return 'never_opens';
    // What is let through as it is asked about is let through: quiet hours speak for themselves.
    if (opens <= from) return from;
    const until = spreadFrom(opens, spreadMinutes, facts.draw, (at) => isOpenAt(facts.opening, place, at));
    const quiet = quietHours.decide({ ...facts, now: until });
    if (quiet.kind !== 'later') return until;
    from = quiet.until;
  }
  return 'never_together';
}

type Asked = Pick<GateFacts, 'now' | 'opening' | 'workspaceZone' | 'homeCountry'>;

let last: { readonly asked: Asked; readonly opens: Date | null } | null = null;

/** When it opens. The last answer is kept, as it is the same for a batch of people. */
function opening(asked: Asked): Date | null {
  const { now, opening: hours, workspaceZone: zone, homeCountry: country } = asked;
  const same =
    last?.asked.opening === hours &&
    last.asked.now.getTime() === now.getTime() &&
    last.asked.workspaceZone === zone &&
    last.asked.homeCountry === country;
  if (last !== null && same) return last.opens;
  const opens = opensAt(hours, { zone, country }, now);
  last = { asked: { now, opening: hours, workspaceZone: zone, homeCountry: country }, opens };
  return opens;
}
