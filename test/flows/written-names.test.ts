import { attributeField } from '@signalbox/nodes/define/attribute-name';
import { byWrittenField, storedContactFields, writtenFieldNames } from '@signalbox/nodes/define/contact-fields';
import { flow } from '@signalbox/nodes/flow/builder';
import { updateContact } from '@signalbox/nodes/library/people/update-contact';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from '../api/client.ts';
import { endsOf } from '../support/code-runs.ts';
import { businessNumber, until } from '../support/harness.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ work: true });
});
afterAll(() => api.close());

/** The first and the last character of every range that the step takes for a letter, found by asking its pattern. */
function edgesOfLetters(): string[] {
  const takes = (code: number) => attributeField.test(`attributes.${String.fromCodePoint(code)}`);
  const codes = Array.from({ length: 0x1_1000 }, (_, code) => code);
  return codes
    .filter((code) => takes(code) && !(takes(code - 1) && takes(code + 1)))
    .map((code) => String.fromCodePoint(code));
}

const names = [
  'plan',
  'Plan',
  'a'.repeat(64),
  'x_1__',
  'imię',
  'возраст',
  '年齢',
  'constructor',
  'toString',
  'hasOwnProperty',
  'first_name',
  'phone',
  'attributes',
  ...edgesOfLetters().map((letter) => `n${letter}`),
];
const assignments = [
  ...writtenFieldNames.map((field) => ({ field, value: storedContactFields[field].sample })),
  ...names.map((name) => ({ field: `attributes.${name}`, value: 'x' })),
];
const contactSchema = z.looseObject({ attributes: z.record(z.string(), z.unknown()) });

test('whatever name an “Update contact” step may write can be removed over the API', async () => {
  const w = flow('Written');
  let last: Pick<ReturnType<typeof set>, 'to'> = w.step('start', keyword, {
    keywords: ['WRITE'],
  });
  const set = (from: number) =>
    w.step(`set_${from}`, updateContact, { assignments: assignments.slice(from, from + 20) });
  for (let from = 0; from < assignments.length; from += 20) {
    const step = set(from);
    last.to('next', step);
    last = step;
  }
  await api.publish('Written', w.graph());
  const [id = ''] = await api.addContacts(1);
  const contact = await api.inTx((tx) =>
    tx.selectFrom('contacts').select('phone').where('id', '=', id).executeTakeFirstOrThrow(),
  );
  api.carrier.text(contact.phone, businessNumber, 'write');
  await until('the flow to have written', async () => (await endsOf(api, [id])).length === 1);
  expect(await endsOf(api, [id])).toMatchObject([{ outcome: 'finished' }]);

  const listed = await api.call('GET', `/api/v1/contacts?search=${encodeURIComponent(contact.phone)}`);
  const [shown] = z.object({ data: z.array(z.object({ id: z.string() })) }).parse(listed.body).data;
  const path = `/api/v1/contacts/${shown?.id}`;
  const before = await api.call('GET', path);
  const written = contactSchema.parse(before.body);
  expect(Object.keys(written.attributes).sort()).toEqual([...names].sort());
  expect(written).toMatchObject(byWrittenField((name) => storedContactFields[name].sample));

  const removed = await api.call('PATCH', path, {
    headers: { 'if-match': before.headers.get('etag') ?? '' },
    body: {
      ...byWrittenField(() => null),
      attributes: Object.fromEntries(Object.keys(written.attributes).map((name) => [name, null])),
    },
  });
  expect(removed.status, JSON.stringify(removed.body)).toBe(200);
  const after = contactSchema.parse((await api.call('GET', path)).body);
  expect(after).toMatchObject({ ...byWrittenField(() => null), attributes: {} });
  expect(Object.keys(after.attributes)).toEqual([]);
});
