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

test('all whom a search finds are deleted after a question that counts them, and one press takes them back', async () => {
  const { page } = visit;
  await page.goto('/contacts?search=%2B1202555013');
  await page.getByText('10 people', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'More for these people' }).click();
  await page.getByRole('menuitem', { name: 'Delete 10 people' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('They leave every list and flow at once').waitFor();
  await dialog.getByRole('button', { name: 'Delete 10 people' }).click();
  await page.getByText('10 people were deleted').waitFor();
  await page.getByText('0 people', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('10 people are back').waitFor();
  await page.getByText('10 people', { exact: true }).waitFor();
});

test('one person is deleted on their page, waits among the deleted, and is taken back with their lists', async () => {
  const { page } = visit;
  await page.getByRole('link', { name: 'Sample contact 30' }).click();
  await page.getByRole('button', { name: 'More for this person' }).click();
  await page.getByRole('menuitem', { name: 'Delete Sample contact 30' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete Sample contact 30' }).click();
  await page.getByText('Sample contact 30 was deleted').waitFor();
  await page.getByText('39 people', { exact: true }).waitFor();

  await page.goto('/contacts/deleted');
  const deleted = page.getByRole('list', { name: 'Deleted people' });
  await deleted.getByText('Sample contact 30').waitFor();
  expect(await deleted.getByRole('listitem').count()).toBe(2);
  await page.getByRole('button', { name: 'Take back Sample contact 30' }).click();
  await page.getByText('1 person is back').waitFor();
  await expect.poll(() => deleted.getByText('Sample contact 30').count()).toBe(0);

  await page.goto('/contacts?search=contact%2030');
  await page.getByRole('link', { name: 'Sample contact 30' }).click();
  await page.getByRole('region', { name: 'Lists and tags of this person' }).getByText('Sample: newsletter').waitFor();
});

test('more people than somebody saw are not deleted, and the question says so', async () => {
  const { page } = visit;
  await page.goto('/contacts?search=%2B1202555013');
  await page.getByText('10 people', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'More for these people' }).click();
  await page.getByRole('menuitem', { name: 'Delete 10 people' }).click();
  await page.route('**/api/v1/contacts/delete', (route) =>
    route.continue({ postData: JSON.stringify({ ...route.request().postDataJSON(), expected: 9 }) }),
  );
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Delete 10 people' }).click();
  await dialog.getByRole('alert').getByText('It is about other people now than you saw').waitFor();
  await page.unroute('**/api/v1/contacts/delete');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('10 people', { exact: true }).waitFor();
});

test('somebody deleted is erased for good after a second question', async () => {
  const { page } = visit;
  await page.goto('/contacts/deleted');
  const name = 'Sample contact 41';
  await page.getByRole('button', { name: `More for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Erase for good' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('nobody can bring them back').waitFor();
  await dialog.getByRole('button', { name: 'Erase for good' }).click();
  await page.getByText(`${name} was erased`).waitFor();
  await page.getByText('Nobody was deleted').waitFor();
});
