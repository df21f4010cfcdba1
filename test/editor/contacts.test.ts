import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { oneStory } from './support/story.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
}, 120_000);
const inStory = oneStory();
inStory();
beforeEach(async () => {
  pictureOnFailure(visit.page);
  await visit.page.goto('/contacts');
  await visit.page.getByRole('list', { name: 'People' }).waitFor();
});
afterAll(() => visit.close(), 60_000);

describe('People', () => {
  test('are found by name and by number, and not finding anybody says so', async () => {
    const { page } = visit;
    await page.getByText('40 people').waitFor();
    const search = page.getByLabel('Search name, number or email');
    await search.fill('contact 17');
    await page.getByText('1 person').waitFor();
    expect(await page.getByRole('list', { name: 'People' }).getByRole('link').allTextContents()).toEqual([
      'Sample contact 17',
    ]);
    await search.fill('555 0112');
    await page.getByRole('link', { name: 'Sample contact 3', exact: true }).waitFor();
    await page.getByText('1 person').waitFor();
    await page.goto('/contacts?search=5550112');
    await page.getByText('1 person').waitFor();
    await search.fill('nobody by this name');
    await page.getByText('No one found for “nobody by this name”').waitFor();
  });

  test('one is added; a number that cannot exist is refused at its field and everything typed stays', async () => {
    const { page, product } = visit;
    await page.getByRole('button', { name: 'Add contact' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add contact' });
    const phone = dialog.getByLabel('Phone number');
    await phone.fill('+1 202 555');
    await dialog.getByLabel('First name').fill('Ada');
    await dialog.getByRole('button', { name: 'Add contact' }).click();
    await dialog
      .locator('#contact-phone-problems')
      .getByText(/number/i)
      .waitFor();
    expect(await phone.getAttribute('aria-invalid')).toBe('true');
    expect(await dialog.getByLabel('First name').inputValue()).toBe('Ada');

    await phone.fill('+1 202 555 0177');
    await dialog.getByRole('combobox', { name: 'Time zone' }).click();
    await page.getByPlaceholder('Find a city or zone').fill('chicago');
    await page.keyboard.press('Enter');
    await dialog.getByText(/C[SD]T there\./).waitFor();
    await dialog.getByRole('button', { name: 'Add contact' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Ada' }).waitFor();
    expect(await product.sql("SELECT first_name, time_zone FROM contacts WHERE phone = '+12025550177'")).toEqual([
      { first_name: 'Ada', time_zone: 'America/Chicago' },
    ]);
  });

  test('a file is taken in; rows that do not fit are named with what is wrong', async () => {
    const { page, product } = visit;
    await page.getByRole('button', { name: 'Import CSV' }).click();
    const rows = [
      'phone,first_name,time_zone,plan',
      '+12025550181,Grace,America/New_York,gold',
      'not a number,Edsger,America/New_York,gold',
      '+12025550182,Barbara,Nowhere/Land,silver',
      '+12025550177,Ada L,,gold',
    ];
    await page
      .getByLabel('Choose a CSV file or drop it here')
      .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
    const dialog = page.getByRole('dialog', { name: 'Import CSV' });
    await dialog.getByText('1 person added, 1 updated').waitFor();
    await dialog.getByText('2 rows were refused').waitFor();
    const refused = await dialog.getByRole('row').allTextContents();
    expect(refused.slice(1)).toEqual([
      expect.stringMatching(/^3phonenot a number/),
      expect.stringMatching(/^4time_zoneNowhere\/Land/),
    ]);

    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Download the refused rows' }).click();
    expect((await download).suggestedFilename()).toBe('people-refused.csv');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('link', { name: 'Grace' }).waitFor();
    expect(await product.sql("SELECT attributes FROM contacts WHERE phone = '+12025550181'")).toEqual([
      { attributes: { plan: 'gold' } },
    ]);
  });

  test('a file in another encoding is refused instead of changing names, and UTF-16 is read', async () => {
    const { page, product } = visit;
    const upload = async (buffer: Buffer) => {
      await page.getByRole('button', { name: 'Import CSV' }).click();
      await page
        .getByLabel('Choose a CSV file or drop it here')
        .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer });
      return page.getByRole('dialog', { name: 'Import CSV' });
    };
    const text = 'Mobile,first_name,Имя\n+12025550183,José,Анна';
    const refused = await upload(Buffer.from('phone,first_name\n+12025550183,José', 'latin1'));
    await refused.getByText('The file is not UTF-8').waitFor();
    await page.keyboard.press('Escape');
    await refused.waitFor({ state: 'detached' });
    const read = await upload(Buffer.from(`\ufeff${text}`, 'utf16le'));
    await read.getByText('1 person added').waitFor();
    await read.getByText('Columns were read as: Mobile → phone').waitFor();
    await read.getByRole('button', { name: 'Done' }).click();
    expect(await product.sql("SELECT first_name, attributes FROM contacts WHERE phone = '+12025550183'")).toEqual([
      { first_name: 'José', attributes: { имя: 'Анна' } },
    ]);
  });

  test('a time zone is changed on the profile, and is the one that flows go by', async () => {
    const { page, product } = visit;
    await page.getByRole('link', { name: 'Ada L' }).click();
    await page.getByRole('combobox', { name: 'Time zone' }).click();
    await page.getByPlaceholder('Find a city or zone').fill('tokyo');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Save profile' }).click();
    await page.getByText('Profile saved').waitFor();
    await page.getByText(/GMT\+9 there\./).waitFor();
    expect(await product.sql("SELECT time_zone FROM contacts WHERE phone = '+12025550177'")).toEqual([
      { time_zone: 'Asia/Tokyo' },
    ]);
  });
});
