import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyLibrary, type LibraryCopy } from './library-copy.ts';

/** A field of contacts that follows from their number, written into the list in a copy of the repository. */

const list = 'nodes/src/define/contact-fields.ts';
let copy: LibraryCopy;

/** The entry of a field that says where a number is from. */
const entry = (name: string, label: string): string => `
  ${name}: {
    label: '${label}',
    type: 'text',
    shown: nullableText,
    personal: null,
    insert: { label: '${label}', text: '{{ contact.${name} }}' },
    sample: 'US',
    longest: 'WW',
    read: (contact) => (contact.phone.startsWith('+61') ? 'AU' : contact.phone.startsWith('+1') ? 'US' : null),
  },`;

beforeAll(() => {
  copy = copyLibrary();
  // Whatever the list holds, another stands in it already.
  for (const [name, label] of [
    ['planted_before', 'Planted before'],
    ['planted_land', 'Planted land'],
  ] as const)
    copy.insert(list, 'export const derivedContactFields = {', entry(name, label));
});
afterAll(() => copy.remove());

const contact = `{ ...sampleContact, phone: '+61491570156' }`;

test('a new field of contacts is its entry in the list: conditions and texts read it', async () => {
  expect(copy.changed()).toEqual([list]);
  const said = await copy.inPackage(
    'engine',
    `import { sampleContact } from '@signalbox/nodes/define/in-memory-ports';
    import { conditionFieldCatalogue } from '@signalbox/nodes/flow/condition-fields';
    import { evaluate } from '@signalbox/nodes/flow/evaluate-condition';
    import { isKnownVariable, renderTemplate } from '@signalbox/nodes/templates/templates';
    const contact = ${contact};
    const now = new Date('2026-03-02T15:00:00Z');
    console.log(JSON.stringify({
      offered: conditionFieldCatalogue.some(({ field, label }) => field === 'contact.planted_land' && label === 'Planted land'),
      holds: evaluate({ field: 'contact.planted_land', op: 'is', value: 'AU' }, { contact, event: null }, now).result,
      known: isKnownVariable('contact.planted_land'),
      text: renderTemplate('From {{ contact.planted_land }}', { contact, event: null, now }),
    }));`,
  );
  expect(said).toEqual({ offered: true, holds: true, known: true, text: 'From AU' });
});

test('the API answers with it and its document says so; nobody can write it', async () => {
  const said = await copy.inPackage(
    'engine',
    `import { sampleContact } from '@signalbox/nodes/define/in-memory-ports';
    import { z } from 'zod';
    import { contactSchema, updateContactSchema } from './contacts/contract.ts';
    import { showContact } from './contacts/routes-shared.ts';
    const row = { ...${contact}, id: '0199d6a0-0000-7000-8000-000000000000', consent: {}, suppressed_at: null, suppressed_reason: null,
      unhandled: false, is_sample: false, revision: 1, updated_at: new Date('2026-03-02T15:00:00Z') };
    console.log(JSON.stringify({
      answer: showContact(row).planted_land,
      document: Object.keys(contactSchema.shape).includes('planted_land'),
      written: Object.keys(updateContactSchema.shape).includes('planted_land'),
    }));`,
  );
  expect(said).toEqual({ answer: 'AU', document: true, written: false });
});

test('the editor offers it in conditions and messages and shows it with the person', async () => {
  const said = await copy.rendered(
    `import { workedOut } from './contacts/worked-out.ts';
    import { fieldChoices } from './forms/condition-model.ts';
    import { insertions } from './forms/insertions.ts';
    console.log(JSON.stringify({
      condition: fieldChoices([]).some(({ value, label }) => value === 'contact.planted_land' && label === 'Planted land'),
      message: insertions([]).some(({ text }) => text === '{{ contact.planted_land }}'),
      profile: workedOut({ phone: '+61491570156', engagement_score: null, planted_land: 'AU' }),
    }));`,
  );
  expect(said).toEqual({ condition: true, message: true, profile: expect.arrayContaining([['Planted land', 'AU']]) });
});
