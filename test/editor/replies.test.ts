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

const patient = { timeout: 15_000 };
const row = (keyword: string) => visit.page.getByRole('listitem').filter({ hasText: keyword });
const part = (name: string) => visit.page.getByRole('region', { name, exact: true });

describe('Commands', () => {
  test('are written by a form, are live at once, and are an ordinary flow', async () => {
    const { page } = visit;
    await page.getByRole('link', { name: 'Replies' }).first().click();
    await page.getByRole('button', { name: 'New command' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Save and publish' }).click();
    await dialog.getByText('Fill in “Message”').waitFor();
    await dialog.getByLabel('Keywords').fill('map');
    await dialog.getByLabel('Message').fill('We are at 12 Harbour Street.');
    await dialog.getByRole('button', { name: 'Save and publish' }).click();
    await page.getByText('MAP is live').waitFor();
    await expect.poll(() => row('MAP').textContent(), patient).toContain('We are at 12 Harbour Street.');
    expect(await row('MAP').textContent()).toContain('Live v1');
  });

  test('say whose keyword it is that is taken', async () => {
    const { page } = visit;
    await page.getByRole('button', { name: 'New command' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Keywords').fill('MAP');
    await dialog.getByLabel('Message').fill('Elsewhere.');
    await dialog.getByRole('button', { name: 'Save and publish' }).click();
    await dialog.getByText('The keyword MAP already starts “MAP”').waitFor();
    await dialog.getByLabel('Where the keyword must be').click();
    await page.getByRole('option', { name: /Anywhere in the text/ }).click();
    await dialog.getByLabel('Keywords').press('Backspace');
    await dialog.getByLabel('Keywords').fill('"the way to you"');
    await dialog.getByRole('button', { name: 'Save and publish' }).click();
    await page.getByText('THE WAY TO YOU is live').waitFor();
  });

  test('are turned off and on, and what does more is edited on the canvas alone', async () => {
    const { page } = visit;
    await page.getByRole('button', { name: 'Turn off MAP', exact: true }).click();
    await expect.poll(() => row('12 Harbour Street').textContent(), patient).toContain('Stopped');
    await page.getByRole('button', { name: 'Turn on MAP', exact: true }).click();
    await expect.poll(() => row('12 Harbour Street').textContent(), patient).toContain('Live');
    expect(await row('HELLO').textContent()).toContain('Edited in the flow editor');
    expect(await row('HELLO').getByRole('button', { name: /^Edit/ }).count()).toBe(0);
  });
});

describe('Auto-responses', () => {
  test('are set up one by one, and keep what was entered', async () => {
    const { page } = visit;
    await page.getByRole('link', { name: 'Auto-responses' }).click();
    await part('Missed keyword').getByRole('button', { name: 'Set up' }).click();
    await part('Missed keyword')
      .getByLabel('Message')
      .fill('Did you mean {{ event.data.keyword | default: "HELLO" }}?');
    await part('Missed keyword').getByLabel('Look for the keyword that was meant').click();
    await part('Missed keyword').getByRole('button', { name: 'Save and publish' }).click();
    await page.getByText('Missed keyword is live').waitFor();
    await page.reload();
    await expect
      .poll(() => part('Missed keyword').getByLabel('Message').inputValue(), patient)
      .toContain('Did you mean');
    expect(
      await part('Missed keyword').getByLabel('Look for the keyword that was meant').getAttribute('aria-checked'),
    ).toBe('true');
    expect(await part('Any message').textContent()).toContain('Off');
  });
});

describe('Opening hours', () => {
  test('are hours, holidays and closed days, and hold after a reload', async () => {
    const { page } = visit;
    await page.getByRole('link', { name: 'Settings' }).first().click();
    await page.getByRole('link', { name: 'Opening hours' }).click();
    await part('Hours of the week').getByRole('button', { name: 'Add hours' }).click();
    await part('Public holidays').getByRole('switch').click();
    await part('Public holidays').getByLabel('Labor Day').waitFor({ state: 'hidden' });
    await part('Public holidays').getByRole('switch').click();
    await part('Public holidays').getByLabel('Labor Day').uncheck();
    await part('Closed days').getByRole('button', { name: 'Add a day' }).click();
    await page.getByRole('button', { name: 'Save opening hours' }).click();
    await part('Closed days').getByText('Choose a date').waitFor();
    await part('Closed days').getByLabel('Date of day 1').fill('2030-12-24');
    await part('Closed days').getByLabel('What day 1 is').fill('Christmas Eve');
    await page.getByRole('button', { name: 'Save opening hours' }).click();
    await page.getByText('Opening hours saved').waitFor();
    await page.reload();
    await expect.poll(() => part('Closed days').getByLabel('Date of day 1').inputValue(), patient).toBe('2030-12-24');
    expect(await part('Public holidays').getByLabel('Labor Day').isChecked()).toBe(false);
    expect(await part('Public holidays').getByLabel('Christmas Day').first().isChecked()).toBe(true);
  });
});
