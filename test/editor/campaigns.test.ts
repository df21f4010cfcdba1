import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { oneStory } from './support/story.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';

/** Messages go out behind the page's back. */
const slow = { timeout: 20_000 };

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
}, 120_000);
const inStory = oneStory();
inStory();
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

test('a campaign is made of an audience, a message and a moment, and says whom it reaches while it is made', async () => {
  const { page } = visit;
  await page.goto('/campaigns');
  await page.getByRole('link', { name: 'Sample: holiday offer' }).waitFor();
  await page.getByRole('button', { name: 'New campaign' }).click();
  await page.getByLabel('Name').fill('Spring news');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Spring news' }).waitFor();
  const check = page.getByRole('region', { name: 'Before it goes out' });
  await check.getByText('0 people get it').waitFor();

  await page.getByRole('combobox', { name: 'Add people' }).click();
  await page.getByRole('option', { name: 'Segment Sample: likes coffee' }).click();
  await check.getByText('of 27 in the audience').waitFor(slow);
  await page.getByRole('combobox', { name: 'Leave people out' }).click();
  await page.getByRole('option', { name: 'People who fit a condition' }).click();
  await page.locator('#campaign-message-text').fill('Spring is here, {{ contact.first_name }}.');
  await check
    .getByText(/do not get it/)
    .first()
    .waitFor(slow);
  await check.getByText('No consent to marketing messages').waitFor();
  await page.getByRole('combobox', { name: 'Purpose' }).click();
  await page.getByRole('option', { name: /^Transactional/ }).click();
  await check.getByText('Nothing holds it back').waitFor(slow);
});

test('it is launched, its people come in, and what became of it stands there', async () => {
  const { page, product } = visit;
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Launch campaign' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('At once').waitFor();
  await dialog.getByRole('button', { name: 'Launch campaign' }).click();
  await page.getByText('Spring news is launched').waitFor();
  const progress = page.getByRole('region', { name: 'How far it is' });
  await progress.getByText(/^2\d sent$/).waitFor(slow);
  await page.getByRole('row', { name: /^Everybody 2\d/ }).waitFor(slow);
  const doubled = await product.sql(
    `SELECT contact_id FROM messages WHERE body LIKE 'Spring is here%' GROUP BY contact_id HAVING count(*) > 1`,
  );
  expect(doubled).toEqual([]);
  await page.getByText('Done', { exact: true }).first().waitFor(slow);
});

test('whoever did not click can be written to again, and the calendar shows what went out and what will', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: 'More for this campaign' }).click();
  await page.getByRole('menuitem', { name: 'Send to those who did not click' }).click();
  await page.getByRole('heading', { name: 'Copy of Spring news' }).waitFor();
  await page.getByText(/^of 2\d in the audience$/).waitFor(slow);
  await page.getByRole('link', { name: 'Calendar' }).click();
  await page
    .getByRole('link', { name: /Spring news/ })
    .first()
    .waitFor();
});

test('a launched campaign is changed only when somebody says so, paused, resumed at a pace, and canceled', async () => {
  const { page } = visit;
  await page.getByRole('link', { name: 'Campaigns' }).first().click();
  await page.getByRole('link', { name: 'Sample: holiday offer' }).click();
  await page.getByText(/^It begins/).waitFor();
  await page.locator('#campaign-message-text').fill('The winter sale begins. Reply STOP to end.');
  await page.getByRole('button', { name: 'Apply changes' }).click();
  await page.getByRole('button', { name: 'Pause campaign' }).click();
  await page.getByRole('button', { name: 'Resume campaign' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'How fast' }).click();
  await page.getByRole('option', { name: 'Spread over hours' }).click();
  await dialog.getByRole('button', { name: 'Resume campaign' }).click();
  await page.getByText('Scheduled', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'More for this campaign' }).click();
  await page.getByRole('menuitem', { name: 'Cancel campaign' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel campaign' }).click();
  await page.getByText('Canceled', { exact: true }).first().waitFor();
});
