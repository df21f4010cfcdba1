import { flow } from '@signalbox/nodes/flow/builder';
import { end } from '@signalbox/nodes/library/end/end';
import { test as testNode } from '@signalbox/nodes/library/logic/test';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { sql } from 'kysely';
import type { Work } from '../db/work.ts';
import { assess } from '../experiments/assess.ts';
import type { ArmCounts } from '../experiments/measure.ts';
import { listTests, lockLooks, storeLook, type TestRow } from '../experiments/store.ts';
import { uniformHash } from '../runtime/hash.ts';

const hourMs = 3_600_000;
const dayHours = 24;

/** How often people of each arm follow the link, and how long ago the test began and was decided. */
type SampleTest = {
  readonly rates: Readonly<Record<string, number>>;
  readonly peopleAnHour: number;
  readonly beganDaysAgo: number;
  readonly decided?: { readonly winner: string };
};

/** What is made up of each test of the sample flow, by its step. */
const sampleTests: Readonly<Record<string, SampleTest>> = {
  reminder: { rates: { plain: 0.052, offer: 0.083 }, peopleAnHour: 34, beganDaysAgo: 16, decided: { winner: 'offer' } },
  tone: { rates: { short: 0.061, friendly: 0.068, question: 0.057 }, peopleAnHour: 24, beganDaysAgo: 7 },
};

/** A flow with two tests: one that was decided, and one that runs. */
export function sampleTestFlow() {
  const w = flow('Sample: tests of a reminder', {
    description: 'Two A/B tests with made-up results: one was decided, one still runs. Remove it whenever you like.',
  });
  const start = w.step('start', apiEvent, { event: 'sample.cart_left' });
  const reminder = w.step('reminder', testNode, {
    arms: [
      { id: 'plain', label: 'Reminder', weight: 1 },
      { id: 'offer', label: 'Reminder with an offer', weight: 1 },
    ],
    plan: { kind: 'sequential', people: 12_000, smallest_difference: 1 },
  });
  const tone = w.step('tone', testNode, {
    arms: [
      { id: 'short', label: 'Short', weight: 1 },
      { id: 'friendly', label: 'Friendly', weight: 1 },
      { id: 'question', label: 'As a question', weight: 1 },
    ],
    plan: { kind: 'sequential', people: 9_000, smallest_difference: 1 },
    winner: 'by_hand',
  });
  const send = (id: string, text: string) =>
    w.step(id, sendSms, { text, shorten_links: true, purpose: 'transactional' });
  const plain = send('plain', 'You left something in your cart: https://example.com/cart');
  const done = w.step('done', end, {});
  start.to('next', reminder);
  reminder.to('plain', plain).to('offer', tone);
  plain.to('sent', done).to('not_sent', done);
  const texts = {
    short: 'Your cart, 10 % off: https://example.com/cart?offer=10',
    friendly: 'Good things wait in your cart, with 10 % off till Sunday: https://example.com/cart?offer=10',
    question: 'Still thinking about it? 10 % off helps: https://example.com/cart?offer=10',
  };
  for (const [id, text] of Object.entries(texts)) {
    const step = send(id, text);
    tone.to(id, step);
    step.to('sent', done).to('not_sent', done);
  }
  return w.build();
}

/** Makes the sample tests look as if people had come for days: a look an hour, of counts that grow as chance has it. */
export async function fillSampleTests(work: Work): Promise<void> {
  const { tx, workspaceId } = work;
  const tests = await listTests(work, { after: null, limit: 50 });
  for (const test of tests) {
    const sample = sampleTests[test.stepId];
    if (sample === undefined || test.seen?.began_at != null) continue;
    // A real look at nobody, from the moment at which the flow went live, would stand for all of these.
    await lockLooks(work, test.id);
    await sql`DELETE FROM test_looks WHERE workspace_id = ${workspaceId} AND test_id = ${test.id}`.execute(tx);
    const began = new Date(work.now.getTime() - sample.beganDaysAgo * dayHours * hourMs);
    const ended = await fillLooks(work, test, sample, began);
    await sql`
      UPDATE tests SET is_sample = true, created_at = ${began} WHERE workspace_id = ${workspaceId} AND id = ${test.id}`.execute(
      tx,
    );
    if (ended === null || sample.decided === undefined) continue;
    await sql`
      UPDATE tests SET state = 'decided', winner = ${sample.decided.winner}, outcome = 'winner', ended_by = 'verdict', ended_at = ${ended}, rest_moved_at = ${ended}
      WHERE workspace_id = ${workspaceId} AND id = ${test.id} AND state = 'running'`.execute(tx);
  }
}

/** @returns when a look had a winner, which was the last one then; null where none had. */
async function fillLooks(work: Work, test: TestRow, sample: SampleTest, began: Date): Promise<Date | null> {
  const counts = new Map<string, ArmCounts>();
  const windows = test.config.window_hours;
  const hours = sample.beganDaysAgo * dayHours;
  for (let hour = 1; hour <= hours; hour += 1) {
    const now = new Date(began.getTime() + hour * hourMs);
    for (const [arm, rate] of Object.entries(sample.rates)) {
      const before = counts.get(arm) ?? nobody(arm);
      const came = peopleOf(test.stepId, arm, hour, sample);
      const known = hour > windows ? peopleOf(test.stepId, arm, hour - windows, sample) : 0;
      const drawn = { stepId: test.stepId, arm, hour };
      counts.set(arm, {
        ...before,
        people: before.people + came,
        known: before.known + known,
        converted: before.converted + chosen(drawn, 'click', known, rate),
        optedOut: before.optedOut + chosen(drawn, 'stop', known, 0.004),
        sentTo: before.sentTo + known,
        delivered: before.delivered + chosen(drawn, 'delivered', known, 0.97),
      });
    }
    const seen = assess(test.config, { arms: [...counts.values()], inSeveral: 0, began }, now);
    await storeLook({ ...work, now }, test.id, seen);
    if (sample.decided !== undefined && seen.verdict.state === 'winner') return now;
  }
  return null;
}

const nobody = (arm: string): ArmCounts => ({
  arm,
  people: 0,
  known: 0,
  converted: 0,
  sum: 0,
  sumOfSquares: 0,
  optedOut: 0,
  sentTo: 0,
  delivered: 0,
  complained: 0,
});

/** More in the evening, and few at night. */
function peopleOf(stepId: string, arm: string, hour: number, { peopleAnHour }: SampleTest): number {
  const tide = 1 + Math.sin(((hour % dayHours) / dayHours) * 2 * Math.PI);
  return Math.round((peopleAnHour / 2) * tide * (0.8 + 0.4 * uniformHash('people', stepId, arm, hour)));
}

/** How many of so many people do something, each by a draw of their own. */
function chosen(
  { stepId, arm, hour }: { readonly stepId: string; readonly arm: string; readonly hour: number },
  what: string,
  people: number,
  rate: number,
): number {
  let count = 0;
  for (let at = 0; at < people; at += 1) if (uniformHash(what, stepId, arm, hour, at) < rate) count += 1;
  return count;
}
