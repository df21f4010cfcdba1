import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { choose, field, focused, saved } from './support/drawing.ts';
import { intercept } from './support/intercept.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';
import { until } from './support/wait.ts';

const headers = { 'x-signalbox': '1' };
const flowPath = /\/api\/v1\/flows\/flw_[^/]+$/;

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
}, 120_000);
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

const stepOf = (id: string, amount: number) => ({
  id,
  type: 'wait',
  version: 1,
  config: { duration: { amount, unit: 'days' } },
});

/** A keyword and two waits one after another. */
function waits(first = 'first'): FlowGraph {
  return {
    schema_version: 1,
    steps: [
      { id: 'start', type: 'keyword', version: 1, config: { keywords: ['waits'], match: 'first_word' } },
      stepOf(first, 1),
      stepOf('second', 2),
    ],
    edges: [
      { from: 'start', outlet: 'next', to: first },
      { from: first, outlet: 'done', to: 'second' },
    ],
  };
}

async function open(page: Page, graph: FlowGraph = waits()): Promise<string> {
  const made = await page.request.post('/api/v1/flows', { data: { name: 'Waits', description: '', graph }, headers });
  const { id } = z.object({ id: z.string() }).parse(await made.json());
  await page.goto(`/flows/${id}`);
  await page.getByTestId('step-start').waitFor();
  return id;
}

const storedSchema = z.object({ graph: z.object({ steps: z.array(z.looseObject({ id: z.string() })) }) });

async function stored(page: Page, id: string) {
  return storedSchema.parse(await (await page.request.get(`/api/v1/flows/${id}`)).json()).graph.steps;
}

/** Presses a key of a keyboard with another layout. */
async function press(page: Page, key: string, code: string, modifiers: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  for (const type of ['rawKeyDown', 'keyUp'] as const)
    await session.send('Input.dispatchKeyEvent', { type, key, code, modifiers });
  await session.detach();
}

const amount = (page: Page) => field(page, 'How long');

describe('On other keyboards', () => {
  test('Ctrl+Z undoes and Ctrl+Y redoes where the letters stand elsewhere', async () => {
    const { page } = visit;
    await open(page);
    await choose(page, 'second');
    await page.keyboard.press('Delete');
    const second = page.getByTestId('step-second');
    await second.waitFor({ state: 'detached' });
    await press(page, 'z', 'KeyY', 2);
    await second.waitFor();
    await press(page, 'y', 'KeyZ', 2);
    await second.waitFor({ state: 'detached' });
    await press(page, 'z', 'KeyW', 2);
    await second.waitFor();
  });

  test('Enter that confirms a word of an input method makes no keyword', async () => {
    const { page } = visit;
    await open(page);
    await choose(page, 'start');
    const words = page.getByTestId('inspector').getByRole('textbox', { name: 'Keywords' });
    await words.focus();
    const session = await page.context().newCDPSession(page);
    await session.send('Input.imeSetComposition', { text: 'あめ', selectionStart: 2, selectionEnd: 2 });
    await session.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Enter',
      code: 'Enter',
      windowsVirtualKeyCode: 229,
    });
    await session.send('Input.insertText', { text: '雨' });
    expect(await words.inputValue()).toBe('雨');
    expect(await page.getByRole('button', { name: 'Remove 雨' }).count()).toBe(0);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove 雨' }).waitFor();
    expect(await words.inputValue()).toBe('');
  });
});

/** A word that an input method is still being told, in the field with the focus; then a key that the method takes for itself. */
async function compose(page: Page, key: 'Enter' | 'Escape', then: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Input.imeSetComposition', { text: 'あめ', selectionStart: 2, selectionEnd: 2 });
  await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key, code: key, windowsVirtualKeyCode: 229 });
  if (then === '') await session.send('Input.imeSetComposition', { text: '', selectionStart: 0, selectionEnd: 0 });
  else await session.send('Input.insertText', { text: then });
  await session.detach();
}

describe('Words of an input method', () => {
  test('Escape that gives one up closes no picker, list or dialog', async () => {
    const { page } = visit;
    await open(page);
    await page.getByTestId('outlet-second-done').click();
    const picker = page.getByRole('dialog', { name: 'Add a step' });
    await focused(picker.getByRole('combobox'));
    await compose(page, 'Escape', '');
    await focused(picker.getByRole('combobox'));
    await page.keyboard.press('Escape');
    await picker.waitFor({ state: 'detached' });

    await page.goto('/contacts');
    await page.getByRole('list', { name: 'People' }).waitFor();
    await page.getByRole('button', { name: 'Add contact' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add contact' });
    await dialog.getByLabel('Phone number').focus();
    await compose(page, 'Escape', '');
    await dialog.getByRole('combobox', { name: 'Time zone' }).click();
    const search = page.getByPlaceholder('Find a city or zone');
    await focused(search);
    await compose(page, 'Escape', '');
    await focused(search);
    await page.keyboard.press('Escape');
    await search.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });

    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Command palette' }).getByRole('combobox');
    await focused(palette);
    await compose(page, 'Escape', '');
    await focused(palette);
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'detached' });
  });

  test('Enter that confirms one chooses no step, and leaves neither the name of a flow nor a phone’s number', async () => {
    const { page } = visit;
    await open(page);
    await page.getByTestId('outlet-second-done').click();
    const picker = page.getByRole('dialog', { name: 'Add a step' });
    await focused(picker.getByRole('combobox'));
    await compose(page, 'Enter', 'w');
    await focused(picker.getByRole('combobox'));
    expect(await picker.getByRole('combobox').inputValue()).toBe('w');
    await page.keyboard.press('Escape');
    await picker.waitFor({ state: 'detached' });
    expect(await page.locator('[data-testid^="step-"]').count()).toBe(3);

    const name = page.getByLabel('Name of the flow');
    await name.focus();
    await compose(page, 'Enter', '雨');
    await focused(name);
    expect(await name.inputValue()).toBe('雨');
    await page.keyboard.press('Enter');
    await page.locator('input[aria-label="Name of the flow"]:not(:focus)').waitFor();

    await page.getByRole('button', { name: 'Open phone' }).click();
    const number = page.getByLabel('Number of this phone');
    await number.focus();
    await compose(page, 'Enter', '1');
    await focused(number);
  });
});

describe('A page that came by plain HTTP', () => {
  let context: BrowserContext;
  beforeAll(async () => {
    context = await visit.another({});
    await context.addInitScript(`
      Object.defineProperty(Crypto.prototype, 'randomUUID', { value: undefined });
      for (const name of ['clipboard', 'locks']) Object.defineProperty(Navigator.prototype, name, { get: () => undefined });
    `);
  });
  afterAll(() => context.close());

  test('adds, copies, pastes and publishes as any other', async () => {
    const page = await context.newPage();
    pictureOnFailure(page);
    const id = await open(page);
    await choose(page, 'second');
    await page.keyboard.press('Control+c');
    await page.keyboard.press('Control+v');
    await until('the copy to be stored', async () => (await stored(page, id)).length === 4);
    await saved(page);
    await page.getByRole('button', { name: 'Publish version 1' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish version 1' }).click();
    await page.getByRole('button', { name: 'Live v1' }).waitFor();
    expect(visit.faults).toEqual([]);
  });

  test('takes in a file of people, and gives back the rows that it refused', async () => {
    const page = await context.newPage();
    pictureOnFailure(page);
    await page.goto('/contacts');
    await page.getByRole('list', { name: 'People' }).waitFor();
    await page.getByRole('button', { name: 'Import CSV' }).click();
    const rows = ['phone,first_name,plan', '+12025550191,Katherine,gold', 'not a number,Dorothy,silver'];
    await page
      .getByLabel('Choose a CSV file or drop it here')
      .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
    const dialog = page.getByRole('dialog', { name: 'Import CSV' });
    await dialog.getByText('1 person added').waitFor();
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Download the refused rows' }).click();
    const refused: Buffer[] = [];
    for await (const part of await (await download).createReadStream()) refused.push(Buffer.from(part));
    expect(Buffer.concat(refused).toString()).toContain('not a number,Dorothy,silver');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('link', { name: 'Katherine' }).waitFor();
    const stored = "SELECT first_name, attributes FROM contacts WHERE phone = '+12025550191'";
    expect(await visit.product.sql(stored)).toEqual([{ first_name: 'Katherine', attributes: { plan: 'gold' } }]);
    expect(visit.faults).toEqual([]);
  });
});

/** Lets no edit reach the server, until it is called or the test ends. */
const cutOff = (page: Page) =>
  intercept(page, flowPath, (route) => (route.request().method() === 'PATCH' ? route.abort() : route.continue()));

describe('Edits that the server does not have', () => {
  test('stay apart in two tabs of one browser, each over a reload', async () => {
    const { context, page: first } = visit;
    const id = await open(first);
    const second = await context.newPage();
    onTestFinished(() => second.close());
    await second.goto(`/flows/${id}`);
    const reached: (() => Promise<void>)[] = [];
    for (const [page, step, days] of [
      [first, 'first', '5'],
      [second, 'second', '7'],
    ] as const) {
      reached.push(await cutOff(page));
      await choose(page, step);
      await amount(page).fill(days);
      await page.locator('[data-testid="save-state"][data-state="offline"]').waitFor();
    }
    for (const page of [first, second]) await page.reload({ waitUntil: 'load' });
    await choose(first, 'first');
    expect(await amount(first).inputValue()).toBe('5');
    await choose(second, 'second');
    expect(await amount(second).inputValue()).toBe('7');
    for (const end of reached) await end();
    for (const page of [first, second]) {
      await page.getByTestId('step-start').click();
      await page.reload();
      await saved(page);
    }
    await until('both edits to be stored', async () => {
      const steps = await stored(first, id);
      return JSON.stringify(steps).includes('"amount":5') && JSON.stringify(steps).includes('"amount":7');
    });
  });

  test('are kept however soon the page goes after the last of them', async () => {
    const { page } = visit;
    const id = await open(page);
    await cutOff(page);
    await choose(page, 'first');
    const loaded = page.waitForEvent('load');
    // The reload begins in the very task of the edit.
    await amount(page).focus();
    await page.evaluate(`{
      const field = document.activeElement;
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, '6');
      field.dispatchEvent(new Event('input', { bubbles: true }));
      location.reload();
    }`);
    await loaded;
    await page.getByTestId('step-first').getByText('6 days').waitFor();
    expect(JSON.stringify(await stored(page, id))).not.toContain('"amount":6');
  });
});

describe('Undo', () => {
  test('survives a reload', async () => {
    const { page } = visit;
    const id = await open(page);
    await choose(page, 'second');
    await page.keyboard.press('Delete');
    await page.getByTestId('step-second').waitFor({ state: 'detached' });
    await saved(page);
    await page.reload();
    await page.getByTestId('step-first').waitFor();
    await page.keyboard.press('Control+z');
    await page.getByTestId('step-second').waitFor();
    await until('it to be stored', async () => (await stored(page, id)).length === 3);
  });

  test('never takes back what somebody else did', async () => {
    const { page } = visit;
    const id = await open(page);
    const elsewhere = await visit.another({});
    onTestFinished(() => elsewhere.close());
    const colleague = await elsewhere.newPage();
    await colleague.goto(`/flows/${id}`);
    await choose(page, 'first');
    await amount(page).fill('3');
    await saved(page);
    await choose(colleague, 'second');
    await amount(colleague).fill('9');
    await saved(colleague);
    await page.getByTestId('step-second').getByText('9 days').waitFor();
    await page.getByTestId('step-second').focus();
    await page.keyboard.press('Control+z');
    await page.getByTestId('step-first').getByText('1 day').waitFor();
    await page.keyboard.press('Control+z');
    await saved(page);
    expect(JSON.stringify(await stored(page, id))).toContain('"amount":9');
  });
});

test('a step called constructor is a step like any other', async () => {
  const { page } = visit;
  const id = await open(page, waits('constructor'));
  await choose(page, 'constructor');
  await amount(page).fill('4');
  await saved(page);
  expect(JSON.stringify(await stored(page, id))).toContain('"amount":4');
  expect(await page.evaluate('Object.done')).toBeUndefined();
  await page.getByTestId('step-constructor').focus();
  await page.keyboard.press('Delete');
  await page.getByTestId('step-constructor').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+z');
  await page.getByTestId('step-constructor').waitFor();
  expect(visit.faults).toEqual([]);
});
