import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { focused, saved } from './support/drawing.ts';
import { intercept } from './support/intercept.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';
import { until } from './support/wait.ts';

const phone = '+12025550113';
const headers = { 'x-signalbox': '1' };
const listOrFlow = /\/api\/v1\/flows(\?|\/[^/?]+$)/;

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
  await until('the sample conversations to come to rest', async () => {
    const [rest] = await visit.product.sql('SELECT count(*)::int AS done FROM enrollment_history');
    return rest?.done === 4;
  });
}, 120_000);
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

/** Someone texts the workspace from a phone of the carrier. */
async function textIn(body: string): Promise<void> {
  const { page, product } = visit;
  const [sender] = await product.sql('SELECT address FROM senders');
  const sent = await page.request.post(`/demo/phone/phones/${encodeURIComponent(phone)}/messages`, {
    data: { to: z.string().parse(sender?.address), body },
    headers: { 'x-signalbox': '1' },
  });
  expect(sent.ok()).toBe(true);
}

describe('A flow', () => {
  test('is described, archived with what goes named, and brought back', async () => {
    const { page, product } = visit;
    await page.goto('/flows');
    await page.getByRole('button', { name: 'Create flow' }).click();
    await page.getByLabel('Name of the flow').fill('Spring sale');
    await page.getByRole('dialog').getByText('Empty canvas').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Create flow' }).click();
    const menu = async (item: string) => {
      await page.getByRole('button', { name: 'More for this flow' }).click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await menu('Describe flow');
    await page.getByLabel('What this flow is for').fill('Everything that blooms.');
    await page.getByRole('button', { name: 'Save description' }).click();
    await saved(page);
    expect(await product.sql("SELECT description FROM flows WHERE name = 'Spring sale'")).toEqual([
      { description: 'Everything that blooms.' },
    ]);

    await menu('Archive flow');
    const dialog = page.getByRole('dialog', { name: 'Archive “Spring sale”?' });
    await dialog.getByText('The draft leaves the list.').waitFor();
    await dialog.getByRole('button', { name: 'Archive flow' }).click();
    await page.waitForURL('**/flows');
    const list = page.getByRole('list', { name: 'Flows' });
    await list.getByRole('link', { name: 'Spring sale' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await list.getByRole('link', { name: 'Spring sale' }).waitFor();
    await list.getByText('Everything that blooms.').waitFor();
  });

  test('is found among the archived ones, and restored from there', async () => {
    const { page } = visit;
    await page.goto('/flows?state=archived');
    await page.getByRole('heading', { name: 'Nothing is archived' }).waitFor();
    const made = z
      .object({ id: z.string() })
      .parse(
        await (
          await page.request.post('/api/v1/flows', { headers, data: { name: 'Winter sale', description: '' } })
        ).json(),
      );
    const gone = await page.request.delete(`/api/v1/flows/${made.id}`, { headers: { ...headers, 'if-match': '"1"' } });
    expect(gone.status()).toBe(204);
    const archived = page.getByRole('list', { name: 'Archived' });
    await archived.getByText('Winter sale').waitFor();
    await page.getByRole('button', { name: 'Restore “Winter sale”' }).click();
    await page.getByRole('heading', { name: 'Nothing is archived' }).waitFor();
    await page.getByRole('button', { name: 'Show the other flows' }).click();
    await page.getByRole('link', { name: 'Winter sale' }).waitFor();
  });

  test('that was stopped is started again from its menu, drawn or in code', async () => {
    const { page } = visit;
    for (const name of ['Sample: say hello', 'Welcome']) {
      await page.goto('/flows');
      await page.getByRole('link', { name, exact: true }).click();
      const menu = async (item: string) => {
        await page.getByRole('button', { name: 'More for this flow' }).click();
        await page.getByRole('menuitem', { name: item }).click();
        await page.getByRole('dialog').getByRole('button', { name: item }).click();
      };
      await menu('Stop flow');
      await page.getByRole('button', { name: 'Stopped v1' }).waitFor();
      await menu('Start flow again');
      await page.getByRole('button', { name: 'Live v1' }).waitFor();
    }
  });

  test('in code whose file is gone says so in the list and on its screen, and can be archived', async () => {
    const { page } = visit;
    const problem = {
      code: 'source_gone',
      title: 'The file workflows/welcome.flow.ts is gone',
      action: 'Put it back and start Signalbox again, or archive the flow.',
    };
    const change = (flow: unknown) => {
      const { name, ...rest } = z.looseObject({ name: z.string() }).parse(flow);
      return name === 'Welcome' ? { ...rest, name, state: 'stopped', source_problem: problem } : { ...rest, name };
    };
    await intercept(page, listOrFlow, async (route) => {
      const response = await route.fetch();
      const body = z.looseObject({ data: z.array(z.unknown()).optional() }).parse(await response.json());
      await route.fulfill({
        response,
        json: body.data === undefined ? change(body) : { ...body, data: body.data.map(change) },
      });
    });
    await page.goto('/flows');
    const row = page.getByRole('list', { name: 'Flows' }).getByRole('listitem').filter({ hasText: 'Welcome' });
    await row.getByText(problem.title).waitFor();
    await row.getByRole('link', { name: 'Welcome', exact: true }).click();
    await page.getByRole('status').filter({ hasText: problem.title }).getByText(problem.action).waitFor();
    await page.getByRole('button', { name: 'Archive flow' }).click();
    await page.getByRole('dialog').getByText('When its file is back').waitFor();
    expect(await page.getByRole('button', { name: 'Start flow again' }).count()).toBe(0);
  });

  test('that sends while there is no number to send from says what to do, before it is published too', async () => {
    const { page } = visit;
    await intercept(page, '**/api/v1/accounts*', (route) => route.fulfill({ json: { data: [], next_cursor: null } }));
    await page.goto('/flows');
    await page.getByRole('link', { name: 'Sample: say hello' }).click();
    await page.getByText('There is no number to send from.').waitFor();
    await page.getByRole('button', { name: 'Publish version 2' }).click();
    const link = page.getByRole('dialog').getByRole('link', { name: 'Connect a provider' });
    await link.click();
    await page.getByRole('heading', { name: 'No provider yet' }).waitFor();
  });

  test('shows what holds by default where a setting is not made', async () => {
    const { page } = visit;
    await page.goto('/flows');
    await page.getByRole('link', { name: 'Sample: say hello' }).click();
    await page.locator('[data-testid^="step-"]').filter({ hasText: 'you like a tip' }).click();
    await page.getByTestId('inspector').getByRole('combobox', { name: 'Purpose' }).getByText('Marketing').waitFor();
  });
});

describe('Someone who asks in their own words to be left alone', () => {
  test('is shown as unhandled until marked as handled, with the reason in words', async () => {
    const { page } = visit;
    await textIn('please stop texting me');
    await page.goto('/conversations?unhandled=true');
    await page.getByRole('link', { name: /Sample contact 4/ }).click();
    const button = page.getByRole('button', { name: 'Mark as handled' });
    await button.click();
    await page.getByText('Marked as handled').waitFor();
    await button.waitFor({ state: 'detached' });
    await page.getByText('No conversations found').waitFor();
    await page.reload();
    await page.locator('li[data-direction="in"]').first().waitFor();
    expect(await button.count()).toBe(0);

    await page.getByRole('link', { name: 'Open contact' }).click();
    await page.getByRole('tab', { name: 'Consent' }).click();
    await page.getByText('No messages can be sent to this number: they asked for no more messages.').waitFor();
    await page.getByText('in their own words').first().waitFor();
    expect(await page.getByText(/text_stop|keyword_stop/).count()).toBe(0);
  });
});

describe('A conversation that does not exist', () => {
  test('says so in place of its name', async () => {
    const { page } = visit;
    await page.goto('/conversations/con_01jd4w7h8zqv3m5k2n9x6r0t4c');
    await page.getByRole('alert').getByText('Not found').waitFor();
  });
});

describe('Shortcuts of a single key', () => {
  test('are turned off in the sheet, and stay off', async () => {
    const { page } = visit;
    await page.goto('/contacts');
    await page.getByRole('list', { name: 'People' }).waitFor();
    const search = page.getByLabel('Search name, number or email');
    await page.keyboard.press('/');
    await focused(search);
    await search.blur();
    await page.keyboard.press('Shift+?');
    const box = page.getByRole('checkbox', { name: 'Single keys such as N, / and ? are shortcuts' });
    await box.uncheck();
    await page.getByRole('dialog').getByText('Turned off').first().waitFor();
    await page.keyboard.press('Escape');
    await page.reload();
    await page.getByRole('list', { name: 'People' }).waitFor();
    await page.keyboard.press('n');
    await page.keyboard.press('/');
    await page.keyboard.press('Shift+?');
    await page.keyboard.press('Control+/');
    await box.waitFor();
    expect(await page.getByRole('dialog').count()).toBe(1);
    await box.check();
    await page.keyboard.press('Escape');
    await box.waitFor({ state: 'detached' });
    await page.keyboard.press('n');
    await page.getByRole('dialog', { name: 'Add contact' }).waitFor();
  });
});
