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

const rule = (name: string) => visit.page.getByRole('region', { name, exact: true });
const patient = { timeout: 15_000 };

describe('Compliance rules', () => {
  test('are one click from the settings, with what nobody can set as well', async () => {
    const { page } = visit;
    await page.getByRole('link', { name: 'Settings' }).first().click();
    await page.getByRole('link', { name: 'Compliance rules' }).click();
    await rule('Quiet hours').waitFor();
    expect(
      await rule('Quiet hours').getByRole('switch').getAttribute('aria-checked'),
      'the demo sends at any hour',
    ).toBe('false');
    expect(await rule('Consent').textContent()).toContain('This rule always holds');
  });

  test('are set by their forms and hold after a reload', async () => {
    const { page } = visit;
    await rule('Frequency caps').getByRole('button', { name: 'Add a cap' }).click();
    await rule('Frequency caps').getByLabel('messages in').fill('3');
    await rule('Frequency caps').getByLabel('hours').fill('48');
    await rule('Frequency caps').getByRole('button', { name: 'Save rule' }).click();
    await page.getByText('Frequency caps: saved').waitFor();
    await rule('Countries')
      .getByRole('combobox')
      .or(rule('Countries').getByRole('button', { name: 'Countries besides your own' }))
      .first()
      .click();
    await page.getByPlaceholder('Find a country').fill('Austral');
    await page.getByRole('option', { name: 'Australia' }).click();
    await rule('Countries').getByRole('button', { name: 'Save rule' }).click();
    await page.getByText('Countries: saved').waitFor();
    await page.reload();
    await expect.poll(() => rule('Frequency caps').getByLabel('messages in').inputValue(), patient).toBe('3');
    await rule('Countries').getByText('Australia', { exact: true }).waitFor();
  });

  test('say at the field what does not fit, and keep what was entered', async () => {
    await rule('Quiet hours').getByRole('button', { name: 'Add hours' }).click();
    await rule('Quiet hours').getByLabel('from').fill('18:00');
    await rule('Quiet hours').getByRole('button', { name: 'Save rule' }).click();
    await rule('Quiet hours').getByText('The end comes after the beginning').waitFor();
    expect(await rule('Quiet hours').getByLabel('from').inputValue()).toBe('18:00');
    await rule('Quiet hours').getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => rule('Quiet hours').getByLabel('from').count(), patient).toBe(0);
  });

  test('take words one at a time or many from the clipboard', async () => {
    const words = rule('Content').getByLabel('Words that are never sent');
    await words.fill('casino');
    await words.press('Enter');
    await words.fill('free money');
    await words.blur();
    expect(await rule('Content').getByRole('listitem').allTextContents()).toEqual(['casino', 'free money']);
    await rule('Content').getByRole('button', { name: 'Remove casino' }).click();
    await rule('Content').getByRole('button', { name: 'Save rule' }).click();
    await visit.page.getByText('Content: saved').waitFor();
    expect(await rule('Content').getByRole('listitem').allTextContents()).toEqual(['free money']);
  });
});
