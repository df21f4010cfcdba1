import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { oneStory } from './support/story.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
}, 120_000);
const inStory = oneStory();
inStory();
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

let address = '';

test('a template is written with the keyboard, its placeholders are completed, and it is published', async () => {
  const { page } = visit;
  await page.goto('/messages/templates');
  await page.getByRole('link', { name: 'Sample: birthday' }).waitFor();
  await page.getByRole('button', { name: 'New template' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('sample: BIRTHDAY');
  await page.keyboard.press('Enter');
  await dialog.getByText('There is a template or a snippet of this name already.').waitFor();
  await dialog.getByLabel('Name').fill('Table booked');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/messages/templates/tpl_*');
  address = new URL(page.url()).pathname;

  const text = page.getByLabel('Message in English');
  await text.focus();
  await page.keyboard.type('Hi {{ fir');
  await page.getByRole('option', { name: /contact\.first_name/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.type('! {{ snip');
  await page.getByRole('option', { name: /snippet\.sample_sign_off/ }).waitFor();
  await page.keyboard.press('Tab');
  await expect.poll(() => text.inputValue()).toBe('Hi {{ contact.first_name }}! {{ snippet.sample_sign_off }}');
  await page.getByText('Hi Sam! Yours, the sample shop. Text STOP to end.').waitFor();
  await page.getByRole('combobox', { name: 'First name: where it is not known' }).click();
  await page.getByRole('option', { name: 'Say something else' }).click();
  await page.getByLabel('First name: what is said instead').fill('there');
  await page.getByRole('button', { name: 'Publish version 1' }).click();
  await dialog.getByLabel('What changed').fill('The first words');
  await dialog.getByRole('button', { name: 'Publish version 1' }).click();
  await page.getByText('Version 1 of Table booked is published').waitFor();
  await page.getByText('The first words').waitFor();
  expect(
    await visit.product.sql(`SELECT v.number, v.content->'texts' AS texts FROM message_template_versions v
      JOIN message_templates t ON t.id = v.template_id WHERE t.name = 'Table booked'`),
  ).toEqual([
    {
      number: 1,
      texts: [
        {
          language: 'en',
          text: 'Hi {{ contact.first_name }}! {{ snippet.sample_sign_off }}',
          missing: [{ variable: 'contact.first_name', do: 'say', say: 'there' }],
        },
      ],
    },
  ]);
});

test('it gets another language, twenty people are shown with it, and a version is compared and taken up again', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: 'Add a language' }).click();
  await page.getByRole('dialog').getByRole('combobox', { name: 'Language' }).click();
  await page.keyboard.type('spanish');
  await page.getByRole('option', { name: /^Spanish es/ }).click();
  await page.getByLabel('Message in Spanish').fill('Hola {{ contact.first_name }}, hasta pronto');
  await page.getByRole('button', { name: 'Show 20 people' }).click();
  await page.getByText(/^40 people looked at: 0 with gaps/).waitFor();
  const people = page.getByRole('list', { name: 'As people get it' }).getByRole('listitem');
  expect(await people.count()).toBe(20);
  await people.filter({ hasText: 'Hola Sample contact' }).first().waitFor();
  await people.filter({ hasText: '! Yours, the sample shop.' }).first().waitFor();
  await page.getByRole('button', { name: 'Publish version 2' }).click();
  await page.getByRole('dialog').getByText('a new language').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Publish version 2' }).click();
  await page.getByText('Version 2 of Table booked is published').waitFor();

  await page.getByRole('button', { name: 'Look at version 1' }).click();
  await page
    .getByRole('dialog')
    .getByText('taken out')
    .or(page.getByRole('dialog').getByText('a new language'))
    .waitFor();
  await page.getByRole('button', { name: 'Work on from version 1' }).click();
  await page.getByText('Version 2, edited').waitFor();
  await expect.poll(() => page.getByRole('tab').count()).toBe(1);
});

test('what somebody else writes is neither lost nor written over', async () => {
  const { page } = visit;
  const context = await visit.another({});
  const other = await context.newPage();
  await other.goto(address);
  await other.getByLabel('Message in English').waitFor();
  await other.context().setOffline(true);
  await other.getByLabel('Message in English').fill('Theirs');
  await page.getByLabel('Message in English').fill('Mine');
  await page.getByText('Saved', { exact: true }).waitFor();
  await other.getByText('Not saved', { exact: true }).waitFor();
  await other.context().setOffline(false);
  // Lists beside it may have been read without a network as well: the first is that of the text.
  await other.getByRole('button', { name: 'Try again' }).first().click();
  await other.getByText('Someone else changed this template.').waitFor();
  await other.getByRole('button', { name: 'Keep mine' }).click();
  await other.getByText('Saved', { exact: true }).waitFor();
  await expect.poll(() => page.getByLabel('Message in English').inputValue()).toBe('Theirs');
  await context.close();
});

test('a flow sends it: the step says which, and the template where it is used', async () => {
  const { page } = visit;
  await page.goto('/flows');
  await page.getByRole('link', { name: 'Sample: say hello' }).click();
  await page.getByTestId('step-quiet').waitFor();
  await page.getByRole('button', { name: 'Show the whole flow' }).click();
  await page.getByTestId('step-quiet').click();
  const inspector = page.getByTestId('inspector');
  await inspector.getByRole('combobox', { name: 'What is sent' }).click();
  await page.getByRole('option', { name: /^A template/ }).click();
  await inspector.getByRole('combobox', { name: 'Template', exact: true }).click();
  await page.keyboard.type('booked');
  await page.getByRole('option', { name: /^Table booked/ }).click();
  await page.getByTestId('step-quiet').getByText('“Table booked”, its newest version').waitFor();
  await inspector.getByRole('combobox', { name: 'Which version' }).click();
  await page.getByRole('option', { name: 'Stay with version 1' }).click();
  await page.getByTestId('step-quiet').getByText('“Table booked”, version 1').waitFor();
  await inspector.getByRole('link', { name: 'Open the template' }).click();
  await page.waitForURL(`**${address}`);
  const uses = page.getByRole('list', { name: 'Used in' });
  await uses.getByText('Stays with version 1 · Not live').waitFor();
  await uses.getByRole('link', { name: 'Sample: say hello' }).waitFor();
});
