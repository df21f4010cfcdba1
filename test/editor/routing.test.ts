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
const names = () =>
  part('Routes')
    .getByLabel(/^Name of route/)
    .evaluateAll((inputs) => inputs.map((input) => input.getAttribute('value')));

describe('Senders and routes', () => {
  test('are one click from the settings: without routes the oldest sender sends', async () => {
    const { page } = visit;
    await page.getByRole('link', { name: 'Settings' }).first().click();
    await page.getByRole('link', { name: 'Senders and routes' }).click();
    await part('Routes').getByText('Without routes everything goes out from your oldest sender.').waitFor();
    expect(await part('Senders').getByRole('listitem').textContent()).toContain('+1 202 555 0100');
  });

  test('say how a sender is registered, and what has to be', async () => {
    await part('Senders').getByRole('button', { name: 'Change registration' }).click();
    await part('Senders').getByText('Texts from it to United States have to be registered: 10DLC campaign.').waitFor();
    await part('Senders').getByRole('combobox', { name: 'Registration' }).click();
    await visit.page.getByRole('option', { name: 'Registered', exact: true }).click();
    await part('Senders').getByLabel('Reference').fill('CABC123');
    await part('Senders').getByRole('button', { name: 'Save registration' }).click();
    await visit.page.getByText('+1 202 555 0100: registration saved').waitFor();
    await part('Senders').getByText('Registered', { exact: true }).waitFor();
  });

  test('are put into an order and saved together', async () => {
    const { page } = visit;
    await page.getByRole('button', { name: 'Add a route' }).click();
    await part('Routes').getByLabel('Name of route 1').fill('Everything');
    await page.getByRole('button', { name: 'Add a route' }).click();
    await part('Routes').getByLabel('Name of route 2').fill('Codes');
    await part('Routes')
      .getByRole('listitem')
      .filter({ has: page.getByLabel('Name of route 2') })
      .getByRole('button', { name: 'One-time password' })
      .click();
    await page.getByRole('button', { name: 'Move Codes up' }).click();
    await page.getByRole('button', { name: 'Save routes' }).click();
    await page.getByText('Routes saved').waitFor();
    await page.reload();
    await expect.poll(names, patient).toEqual(['Codes', 'Everything']);
  });

  test('answer what would happen to a message, rule by rule', async () => {
    await part('What happens to a message?').getByLabel('To number').fill('0491 570 156');
    await part('What happens to a message?').getByRole('button', { name: 'Ask' }).click();
    await part('What happens to a message?')
      .getByText(/number/i)
      .first()
      .waitFor();
    await part('What happens to a message?').getByLabel('To number').fill('+61 491 570 156');
    await part('What happens to a message?').getByLabel('Text', { exact: true }).fill('Our sale ends today.');
    await part('What happens to a message?').getByRole('button', { name: 'Ask' }).click();
    const rules = part('What happens to a message?').getByRole('list', { name: 'What the rules say' });
    await rules.waitFor();
    expect(await rules.getByRole('listitem').filter({ hasText: 'Countries' }).textContent()).toContain(
      'You do not send to this country (AU)',
    );
    expect(await part('What happens to a message?').getByRole('status').textContent()).toContain(
      'The route “Everything” says so.',
    );
  });
});
