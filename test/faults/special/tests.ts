import { expect } from 'vitest';
import { until } from '../../support/harness.ts';
import { ageLooks, givenIn, giveResults, testFlow, testOf } from '../../support/tested.ts';
import { expectEnds, type Situation } from './world.ts';

let events = 0;

/** A test is decided while people wait for it: it is decided once, and each of them is moved once, the way of the winner. */
export const testDecided: Situation = async (world, arm) => {
  const { harness } = world;
  events += 1;
  const event = `tested.crash_${events}`;
  const { flowId } = await harness.publish(event, testFlow(event, { tested: 1, control_share: 0 }));
  const { id } = await testOf(harness, flowId);
  const group = await world.newcomers(6);
  const contacts = group.map(({ contact }) => contact);
  await world.letIn(flowId, group);
  await until('everybody to be given something', async () => (await givenIn(harness, id, contacts)).length === 6);
  await giveResults(
    harness,
    { id, flowId },
    { a: { people: 120, clicked: 20 }, b: { people: 120, clicked: 90 } },
    3_000 + events * 240,
  );
  arm();
  await ageLooks(harness, id);
  expectEnds(await world.ends(group), 6, 'finished -');
  expect(await testOf(harness, flowId)).toMatchObject({ state: 'decided', winner: 'b', ended_by: 'verdict' });
  const given = await givenIn(harness, id, contacts);
  const moved = new Map(given.map((row) => [row.contact_id, row]));
  expect(given.filter(({ decided_by }) => decided_by === 'deadline')).toEqual([]);
  const texts = await world.got(group);
  for (const [index, { contact }] of group.entries()) {
    const label = moved.get(contact)?.arm === 'b' ? 'Offer' : 'As it was';
    expect(texts[index]).toEqual([`${label} of ${event}`]);
  }
  await until('nobody to wait for it', async () => (await testOf(harness, flowId)).rest_moved_at !== null);
  return 1;
};
