import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { oneStory } from './support/story.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';

/** Everybody is asked behind the page's back. */
const slow = { timeout: 20_000 };

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
}, 120_000);
const inStory = oneStory();
inStory();
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

test('a segment is made by hand and eye: whom it fits stands beside it while it is written, and it is followed from then on', async () => {
  const { page } = visit;
  await page.goto('/contacts');
  await page.getByRole('link', { name: 'Segments' }).click();
  await page.getByRole('link', { name: 'Sample: likes coffee' }).waitFor();
  await page.getByText('27 people', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'New segment' }).click();
  const fits = page.getByRole('region', { name: 'Who would be in it' });
  await fits.getByText('“Texted us” in the last 30 days').waitFor();

  await page.getByRole('combobox', { name: 'Who is in it: field' }).click();
  await page.getByPlaceholder('Find a field, or name an event').fill('interests');
  await page.getByRole('option', { name: 'Interests', exact: true }).click();
  await page.getByRole('combobox', { name: 'Interests: value' }).click();
  await page.getByRole('option', { name: 'coffee' }).click();
  await fits.getByText('27 people', { exact: true }).waitFor();
  await expect.poll(() => fits.getByRole('list', { name: 'Some of them' }).getByRole('link').count(), slow).toBe(10);

  await page.getByRole('button', { name: 'Add condition' }).click();
  await page.getByRole('combobox', { name: 'Who is in it: field' }).nth(1).click();
  await page.getByPlaceholder('Find a field, or name an event').fill('order.returned');
  await page.getByRole('option', { name: 'Event “order.returned”' }).click();
  await page.getByRole('combobox', { name: 'order.returned: comparison' }).click();
  await page.getByRole('option', { name: 'never', exact: true }).click();
  await fits.getByText('Interests is “coffee” and never “order.returned”').waitFor();
  await fits.getByText('27 people', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'Save segment' }).click();
  await page.locator('#segment-name-problems p').waitFor();
  await page.getByLabel('Name').fill('sample: likes coffee');
  await page.getByRole('button', { name: 'Save segment' }).click();
  await page.getByText('There is a segment of this name already.').waitFor();
  await page.getByLabel('Name').fill('Coffee, returned nothing');
  await page.getByRole('button', { name: 'Save segment' }).click();
  await page.getByText('Coffee, returned nothing is saved').waitFor();
  const members = page.getByRole('list', { name: 'People in it' });
  await expect.poll(() => members.getByRole('listitem').count(), slow).toBe(20);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(() => members.getByRole('listitem').count(), slow).toBe(27);
});

test('what cannot be asked is said at its row, and a segment in use stays', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: 'Add condition' }).click();
  await page.getByRole('combobox', { name: 'Who is in it: field' }).nth(2).click();
  await page.getByRole('option', { name: 'Segment', exact: true }).click();
  await page.getByText('Fill in the condition to see whom it fits.').waitFor();
  await page.getByRole('combobox', { name: 'Segment: value' }).click();
  await page.getByRole('option', { name: 'Coffee, returned nothing' }).click();
  await page.getByText('A segment cannot ask for itself').waitFor();
  await page.getByRole('combobox', { name: 'Segment: value' }).click();
  await page.getByRole('option', { name: 'Sample: likes coffee' }).click();
  await page.getByRole('button', { name: 'Save segment' }).click();
  await page.getByText('Coffee, returned nothing is saved').first().waitFor();

  await page.goto('/contacts/segments');
  await page.getByRole('link', { name: 'Sample: likes coffee' }).click();
  await page.getByRole('button', { name: 'Delete segment' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete Sample: likes coffee' }).click();
  await page.getByText('The segment is in use').waitFor();
  await page.goto('/contacts/segments');
  await page.getByRole('link', { name: 'Coffee, returned nothing' }).click();
  await page.getByRole('button', { name: 'Delete segment' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete Coffee, returned nothing' }).click();
  await page.waitForURL('**/contacts/segments');
  await expect.poll(() => page.getByRole('link', { name: 'Coffee, returned nothing' }).count(), slow).toBe(0);
});
