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

test('a tag is added, given to all whom a search finds, taken from one on their page, and shown alone', async () => {
  const { page } = visit;
  await page.goto('/contacts/lists');
  await page.getByRole('link', { name: 'Sample: newsletter' }).waitFor();
  await page.getByRole('button', { name: 'New list or tag' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('sample: newsletter');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('There is a list or a tag of this name already.').waitFor();
  await dialog.getByLabel('Name').fill('Likes tea');
  await dialog.getByLabel('What it is').click();
  await page.getByRole('option', { name: /^Tag/ }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('list', { name: 'Tags' }).getByText('0 people').waitFor();

  await page.goto('/contacts?search=contact%203');
  await page.getByText('11 people', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Put all on a list' }).click();
  await page.getByRole('menuitem', { name: 'Likes tea' }).click();
  await page.getByText('11 people were put on Likes tea').waitFor();

  await page.getByRole('link', { name: 'Sample contact 30' }).click();
  const lists = page.getByRole('region', { name: 'Lists and tags of this person' });
  await lists.getByRole('button', { name: 'Remove Likes tea' }).click();
  await page.getByText('1 person was taken off Likes tea').waitFor();
  await expect.poll(() => lists.getByText('Likes tea').count()).toBe(0);

  await page.goto('/contacts/lists');
  await page.getByRole('link', { name: 'Likes tea' }).click();
  await page.getByText('10 people', { exact: true }).waitFor();
  await page.getByRole('combobox', { name: 'List or tag' }).click();
  await page.getByRole('option', { name: 'All people' }).click();
  await page.getByText('40 people', { exact: true }).waitFor();

  await page.goto('/contacts/lists');
  await page.getByRole('button', { name: 'Delete Likes tea' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete Likes tea' }).click();
  await expect.poll(() => page.getByRole('link', { name: 'Likes tea' }).count()).toBe(0);
});
