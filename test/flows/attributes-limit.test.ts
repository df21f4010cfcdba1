import { flow } from '@signalbox/nodes/flow/builder';
import { updateContact } from '@signalbox/nodes/library/people/update-contact';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endsOf } from '../support/code-runs.ts';
import { businessNumber, type Harness, startHarness, until } from '../support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

test('a flow that would give somebody a 101st attribute fails them with the reason, and lets others on', async () => {
  const w = flow('Note');
  const start = w.step('start', keyword, { keywords: ['NOTE'] });
  start.to('next', w.step('set', updateContact, { assignments: [{ field: 'attributes.extra', value: 'x' }] }));
  await harness.publish('Note', w.graph());
  const [full = '', other = ''] = await harness.addContacts(2);
  const attributes = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`a${index}`, 'x']));
  await harness.inTx((tx) =>
    tx
      .updateTable('contacts')
      .set({ attributes: JSON.stringify(attributes) })
      .where('id', '=', full)
      .execute(),
  );
  const people = await harness.inTx((tx) =>
    tx.selectFrom('contacts').select(['id', 'phone']).where('id', 'in', [full, other]).execute(),
  );
  for (const { phone } of people) harness.carrier.text(phone, businessNumber, 'note');
  await until('their ends', async () => (await endsOf(harness, [full, other])).length === 2);
  expect(await endsOf(harness, [full])).toMatchObject([{ outcome: 'failed', reason: { code: 'attributes_limit' } }]);
  expect(await endsOf(harness, [other])).toMatchObject([{ outcome: 'finished' }]);
});
