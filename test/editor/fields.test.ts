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

const patient = { timeout: 15_000 };
const offered = () =>
  visit.page.getByRole('list', { name: 'In use' }).getByRole('heading', { level: 3 }).allTextContents();

test('a field is added, moved, renamed, retired and brought back', async () => {
  const { page } = visit;
  await page.goto('/settings/fields');
  await expect.poll(offered, patient).toEqual(['Membership', 'Birthday', 'Interests']);
  await page.getByRole('button', { name: 'Add field' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Membership');
  await dialog.getByRole('button', { name: 'Save field' }).click();
  await dialog.getByText('There is a field with this key already.').waitFor();
  await dialog.getByLabel('Name').fill('Loyalty level');
  await dialog.getByLabel('Type').click();
  await page.getByRole('option', { name: /^Choice/ }).click();
  await dialog.getByRole('button', { name: 'Save field' }).click();
  await dialog.getByText('A choice needs options to choose from.').waitFor();
  await dialog.getByLabel('Options').fill('silver\ngold');
  await dialog.getByRole('button', { name: 'Save field' }).click();
  await expect.poll(offered, patient).toEqual(['Membership', 'Birthday', 'Interests', 'Loyalty level']);
  await page.getByRole('button', { name: 'Move Loyalty level up' }).click();
  await expect.poll(offered, patient).toEqual(['Membership', 'Birthday', 'Loyalty level', 'Interests']);
  await page.getByRole('button', { name: 'Edit Loyalty level' }).click();
  await dialog.getByLabel('Name').fill('Level');
  await dialog.getByRole('button', { name: 'Save field' }).click();
  await page.getByRole('button', { name: 'Retire Level' }).click();
  await expect.poll(offered, patient).toEqual(['Membership', 'Birthday', 'Interests']);
  await page.getByRole('button', { name: 'Bring back Level' }).click();
  await expect.poll(offered, patient).toEqual(['Membership', 'Birthday', 'Level', 'Interests']);
});

test('a person has it on their page, with what does not fit told beside it', async () => {
  const { page } = visit;
  await page.goto('/settings/fields');
  await page.getByRole('button', { name: 'Add field' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Visits');
  await page.getByRole('dialog').getByLabel('Type').click();
  await page.getByRole('option', { name: /^Number/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save field' }).click();
  await expect.poll(offered, patient).toContain('Visits');
  await page.goto('/contacts');
  await page.getByRole('link', { name: 'Sample contact 40' }).first().click();
  await page.getByLabel('Visits', { exact: true }).fill('many');
  await page.getByLabel('Level', { exact: true }).click();
  await page.getByRole('option', { name: 'gold' }).click();
  await page.getByRole('checkbox', { name: 'tea' }).check();
  await page.getByRole('button', { name: 'Save profile' }).click();
  await page.getByText('Write this as a number such as 12.5.').waitFor();
  await page.getByLabel('Visits', { exact: true }).fill('12');
  await page.getByRole('button', { name: 'Save profile' }).click();
  await page.getByText('Profile saved').waitFor();
  const rows = await visit.product.sql(`SELECT attributes FROM contacts WHERE first_name = 'Sample contact 40'`);
  expect(rows).toMatchObject([{ attributes: { visits: 12, loyalty_level: 'gold' } }]);
});
