import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyLibrary, type LibraryCopy } from './library-copy.ts';

/** A field of contacts that follows from their number, written into the list in a copy of the repository. */

const list = 'src/define/contact-fields.ts';
let copy: LibraryCopy;

beforeAll(() => {
  copy = copyLibrary();
  const text = readFileSync(join(copy.folder, 'packages/nodes', list), 'utf8');
  const country = `{
  country: {
    label: 'Country',
    type: 'text',
    shown: nullableText,
    personal: null,
    insert: { label: 'Country', text: '{{ contact.country }}' },
    sample: 'US',
    longest: 'WW',
    read: (contact) => (contact.phone.startsWith('+61') ? 'AU' : contact.phone.startsWith('+1') ? 'US' : null),
  },
}`;
  const changed = text.replace(/(derivedContactFields = )\{\}/, `$1${country}`);
  expect(changed).not.toBe(text);
  copy.write(list, changed);
});
afterAll(() => copy.remove());

const contact = `{ ...sampleContact, phone: '+61491570156' }`;

test('a new field of contacts is its entry in the list: conditions and texts read it', async () => {
  expect(copy.changed()).toEqual([`nodes/${list}`]);
  const said = await copy.inPackage(
    'engine',
    `import { sampleContact } from '@signalbox/nodes/define/in-memory-ports';
    import { conditionFieldCatalogue } from '@signalbox/nodes/flow/condition-fields';
    import { evaluate } from '@signalbox/nodes/flow/evaluate-condition';
    import { isKnownVariable, renderTemplate } from '@signalbox/nodes/templates/templates';
    const contact = ${contact};
    const now = new Date('2026-03-02T15:00:00Z');
    console.log(JSON.stringify({
      offered: conditionFieldCatalogue.some(({ field, label }) => field === 'contact.country' && label === 'Country'),
      holds: evaluate({ field: 'contact.country', op: 'is', value: 'AU' }, { contact, event: null }, now).result,
      known: isKnownVariable('contact.country'),
      text: renderTemplate('From {{ contact.country }}', { contact, event: null, now }),
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
      answer: showContact(row).country,
      document: Object.keys(contactSchema.shape).includes('country'),
      written: Object.keys(updateContactSchema.shape).includes('country'),
    }));`,
  );
  expect(said).toEqual({ answer: 'AU', document: true, written: false });
});

test('the editor offers it in conditions and messages and shows it with the person', async () => {
  const said = await copy.rendered(
    `import { workedOut } from './contacts/worked-out.ts';
    import { fieldChoices } from './forms/condition-model.ts';
    import { insertions } from './forms/message.control.tsx';
    console.log(JSON.stringify({
      condition: fieldChoices().some(({ value, label }) => value === 'contact.country' && label === 'Country'),
      message: insertions().some(({ text }) => text === '{{ contact.country }}'),
      profile: workedOut({ phone: '+61491570156', engagement_score: null, country: 'AU' }),
    }));`,
  );
  expect(said).toEqual({ condition: true, message: true, profile: [['Country', 'AU']] });
});
