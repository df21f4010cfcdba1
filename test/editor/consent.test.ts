import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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

const part = (name: string) => visit.page.getByRole('region', { name, exact: true });
const numbers = () => part('Numbers that are never texted');
const line = (text: string) => numbers().getByRole('listitem').filter({ hasText: text });
const patient = { timeout: 15_000 };

describe('Consent and suppression', () => {
  test('numbers are blocked, with the line that is none named, and found again', async () => {
    const { page } = visit;
    await page.getByRole('link', { name: 'Settings' }).first().click();
    await page.getByRole('link', { name: 'Consent and suppression' }).click();
    await numbers().getByRole('button', { name: 'Block numbers' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Numbers').fill('(202) 555-0181\nnobody');
    await dialog.getByLabel('Why (for yourself)').fill('Wrong number');
    await dialog.getByRole('button', { name: 'Block numbers' }).click();
    await dialog.getByText('nobody: This is not a phone number').waitFor();
    await dialog.getByLabel('Numbers').fill('(202) 555-0181\n+1 202 555 0182');
    await dialog.getByRole('button', { name: 'Block numbers' }).click();
    await line('+12025550181').getByText('Wrong number').waitFor();
    await numbers().getByRole('searchbox').fill('0182');
    await expect.poll(() => numbers().getByRole('listitem').count(), patient).toBe(1);
    await line('+12025550182').waitFor();
    await numbers().getByRole('searchbox').fill('');
  });

  test('a block is lifted; a list of opt-outs is imported', async () => {
    const { page } = visit;
    await line('+12025550181').getByRole('button').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Blocked by you').waitFor();
    await dialog.getByRole('button', { name: 'Lift', exact: true }).click();
    await expect.poll(() => line('+12025550181').count(), patient).toBe(0);
    await numbers()
      .locator('input[type=file]')
      .setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from('Mobile\n+12025550183\nnobody\n') });
    await page.getByText('Newly suppressed: 1.').waitFor();
    await line('+12025550183').getByText('Opted out elsewhere').waitFor();
  });

  test('words that people are shown get another version, and the earlier one stays', async () => {
    const { page } = visit;
    await part('Sign-ups').getByRole('button', { name: 'Add sign-up' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Weekly offers');
    await dialog.getByLabel('Whose messages they are').fill('Sample shop');
    await dialog.getByRole('button', { name: 'Add sign-up' }).click();
    await dialog.locator('#programme-disclosure-problems').getByText(/./).first().waitFor();
    await dialog.getByLabel('Words that people are shown').fill('Offers by text. Text STOP to end.');
    await dialog.getByLabel('Question by text').fill('Sample shop: Reply YES to get offers.');
    await dialog.getByRole('button', { name: 'Add sign-up' }).click();
    const added = part('Sign-ups').getByRole('listitem').filter({ hasText: 'Weekly offers' });
    await added.getByText('Sample shop, marketing messages').waitFor();
    await added.getByRole('button', { name: 'Change words' }).click();
    await dialog.getByLabel('Words that people are shown').fill('Offers by text, 4 a month. Text STOP to end.');
    await dialog.getByRole('button', { name: 'Save new version' }).click();
    await part('Sign-ups').getByText('Version 2').waitFor();
    await part('Sign-ups').getByText('Offers by text. Text STOP to end.').waitFor();
  });
});
