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
const patient = { timeout: 15_000 };
const rows = () => part('Price list').getByRole('list', { name: 'Price list' }).getByRole('listitem').allTextContents();

describe('Spending', () => {
  test('has no limits and, without the prices of the demo, an empty price list, and says what to do', async () => {
    const { page } = visit;
    await page.getByRole('link', { name: 'Settings' }).first().click();
    await page.getByRole('link', { name: 'Spending' }).click();
    await part('Limits')
      .getByText(/^There are no limits/)
      .waitFor();
    const removals = part('Price list').getByRole('button', { name: /^Remove the price of/ });
    await removals.first().waitFor();
    for (let left = await removals.count(); left > 0; left -= 1) {
      await removals.first().click();
      await expect.poll(() => removals.count(), patient).toBe(left - 1);
    }
    await part('Price list')
      .getByText(/^There are no prices yet/)
      .waitFor();
  });

  test('takes a price, says what does not fit at its field, and takes a pasted list', async () => {
    const { page } = visit;
    await part('Price list').getByRole('combobox', { name: 'Provider' }).click();
    await page.getByRole('option', { name: 'Twilio', exact: true }).click();
    await part('Price list').getByLabel('Begins with').fill('61');
    await part('Price list').getByLabel('Price in USD').fill('0.05');
    await part('Price list').getByRole('button', { name: 'Save price' }).click();
    await part('Price list')
      .getByText(/^A plus and the first digits/)
      .waitFor();
    await part('Price list').getByLabel('Begins with').fill('+61');
    await part('Price list').getByRole('button', { name: 'Save price' }).click();
    await expect.poll(rows, patient).toEqual(['Twilio+61$0.05']);
    await page.getByText('Paste a price list').click();
    await part('Price list')
      .getByLabel('Provider, beginning of numbers, price')
      .fill('provider,prefix,price\ntwilio,+1,0.0079\nPlivo,1,0.006\nnobody,+1,1');
    await part('Price list').getByRole('button', { name: 'Import prices' }).click();
    await part('Price list').getByText('1 line does not fit and was left out: 4.').waitFor();
    await expect.poll(rows, patient).toEqual(['Plivo+1$0.006', 'Twilio+1$0.0079', 'Twilio+61$0.05']);
  });

  test('removes a price with undo', async () => {
    const { page } = visit;
    await page.getByRole('button', { name: 'Remove the price of Twilio for +61' }).click();
    await expect.poll(rows, patient).toHaveLength(2);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await expect.poll(rows, patient).toHaveLength(3);
  });

  test('shows a limit as it is set in the rules', async () => {
    const { page } = visit;
    await part('Limits').getByRole('link', { name: 'Set limits' }).click();
    const rule = page.getByRole('region', { name: 'Spending limits' });
    await rule.getByRole('button', { name: 'Add a limit' }).click();
    await rule.getByLabel('Limit 1: amount').fill('25.50');
    await rule.getByRole('button', { name: 'Save rule' }).click();
    await page.getByText('Spending limits: saved').waitFor();
    await page.getByRole('link', { name: 'Spending', exact: true }).click();
    await part('Limits')
      .getByText(/^\$\d\.\d{2,4} of \$25\.50 \(\d %\)$/)
      .waitFor();
  });
});
