import { flow } from '@signalbox/nodes/flow/builder';
import { end } from '@signalbox/nodes/library/end/end';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { wait } from '@signalbox/nodes/library/wait/wait';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { addByDrag, chosenStep, field, focused, saved } from './support/drawing.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';
import { until } from './support/wait.ts';

const headers = { 'x-signalbox': '1' };

let visit: Visit;
let page: Page;
beforeAll(async () => {
  visit = await startVisit();
  page = visit.page;
  await visit.context.grantPermissions(['clipboard-read', 'clipboard-write']);
}, 120_000);
beforeEach(() => pictureOnFailure(page));
afterAll(() => visit.close(), 60_000);

/** A keyword, two waits, an unfilled text and the end, one below the other; opened in the editor. Returns the flow's id. */
async function openLine(name: string): Promise<string> {
  const w = flow(name);
  const days = (amount: number) => ({ duration: { amount, unit: 'days' } }) as const;
  const steps = [
    w.step('start', keyword, { keywords: [name.replaceAll(' ', '')] }),
    w.step('one', wait, days(1)),
    w.step('two', wait, days(2)),
  ] as const;
  const text = w.step('text', sendSms, { text: 'To be written', purpose: 'transactional' });
  const done = w.step('done', end, {});
  steps[0].to('next', steps[1]);
  steps[1].to('done', steps[2]);
  steps[2].to('done', text);
  text.to('sent', done);
  const { graph, ...rest } = w.build();
  const blank = {
    ...graph,
    steps: graph.steps.map((step) => (step.id === 'text' ? { ...step, config: { ...step.config, text: '' } } : step)),
  };
  const made = await page.request.post('/api/v1/flows', { data: { ...rest, graph: blank }, headers });
  const { id } = z.object({ id: z.string() }).parse(await made.json());
  await page.goto(`/flows/${id}`);
  // A click waits until its target lies still.
  await card('start').click({ trial: true });
  return id;
}

const card = (id: string): Locator => page.getByTestId(`step-${id}`);
const canvas = (): Locator => page.getByRole('region', { name: 'Canvas' });

/** The ids of the chosen cards, as they are drawn. */
async function chosen(): Promise<string[]> {
  const ids = await page
    .locator('[data-testid^="step-"][data-state="selected"]')
    .evaluateAll((cards) => cards.map((each) => (each.getAttribute('data-testid') ?? '').slice('step-'.length)));
  return ids.sort();
}

async function placeOf(target: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await target.boundingBox();
  if (box === null) throw new Error('It is not on the screen.');
  return box;
}

/** Draws a frame with Shift around two cards, and looks at the canvas half-way. */
async function frameAround(first: string, last: string, halfWay: () => Promise<void> = async () => {}): Promise<void> {
  const [from, to] = [await placeOf(card(first)), await placeOf(card(last))];
  await page.keyboard.down('Shift');
  await page.mouse.move(from.x - 30, from.y - 12);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width + 20, from.y + from.height + 10, { steps: 4 });
  await halfWay();
  await page.mouse.move(to.x + to.width + 30, to.y + to.height + 12, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
}

const graphSchema = z.object({
  graph: z.object({
    steps: z.array(z.object({ id: z.string(), type: z.string() })),
    edges: z.array(z.object({ from: z.string(), outlet: z.string(), to: z.string() })),
  }),
});

/** The main line as the server has it: the types of its steps from the keyword on. */
async function lineOf(id: string): Promise<string[]> {
  await saved(page);
  const { steps, edges } = graphSchema.parse(await (await page.request.get(`/api/v1/flows/${id}`)).json()).graph;
  const line: string[] = [];
  for (let at: string | undefined = 'start'; at !== undefined; at = edges.find((edge) => edge.from === at)?.to)
    line.push(steps.find((step) => step.id === at)?.type ?? '');
  return line;
}

describe('Choosing steps', () => {
  test('Ctrl, Shift or Cmd and a click add a card to those that are chosen, and take it out again', async () => {
    await openLine('Click');
    for (const key of ['Control', 'Shift', 'Meta'] as const) {
      await card('one').click();
      await card('two').click({ modifiers: [key] });
      expect(await chosen(), key).toEqual(['one', 'two']);
      await card('done').click({ modifiers: [key] });
      expect(await chosen(), key).toEqual(['done', 'one', 'two']);
      await card('two').click({ modifiers: [key] });
      expect(await chosen(), key).toEqual(['done', 'one']);
    }
    await card('two').click();
    expect(await chosen()).toEqual(['two']);
  });

  test('the canvas lies still while a frame is drawn, and Ctrl+C, Escape and Delete then act on what is in it', async () => {
    const id = await openLine('Frame');
    const before = await placeOf(card('start'));
    await frameAround('one', 'two', async () => {
      expect(await placeOf(card('start'))).toEqual(before);
      expect(await page.getByTestId('inspector').count()).toBe(0);
    });
    expect(await chosen()).toEqual(['one', 'two']);
    expect(await placeOf(card('start'))).toEqual(before);
    await page.keyboard.press('Control+c');
    await page.getByText('Copied 2 steps').waitFor();
    await page.keyboard.press('Escape');
    expect(await chosen()).toEqual([]);
    await frameAround('one', 'two');
    await page.keyboard.press('Delete');
    await card('one').waitFor({ state: 'detached' });
    expect(await lineOf(id)).toEqual(['keyword', 'send-sms', 'end']);
    await focused(card('start'));
  });

  test('what is pasted goes in right after the card with the focus, and the next after that', async () => {
    const id = await openLine('Paste');
    await card('two').click();
    await page.keyboard.press('Control+c');
    await card('start').click();
    await page.keyboard.press('Control+v');
    await until('the copy to be there', async () => (await lineOf(id)).length === 6);
    expect(await lineOf(id)).toEqual(['keyword', 'wait', 'wait', 'wait', 'send-sms', 'end']);
    const copy = await chosenStep(page);
    await focused(card(copy));
    await page.getByTestId('step-text').focus();
    await page.keyboard.press('Control+v');
    await until('the second to be there', async () => (await lineOf(id)).length === 7);
    expect(await lineOf(id)).toEqual(['keyword', 'wait', 'wait', 'wait', 'send-sms', 'wait', 'end']);
  });

  test('what is opened while the clipboard is still being read keeps the focus', async () => {
    const id = await openLine('Slow paste');
    await card('two').click();
    await page.keyboard.press('Control+c');
    await page.evaluate(`
      const read = navigator.clipboard.readText.bind(navigator.clipboard);
      const slow = new Promise((resolve) => (window.readOn = resolve));
      navigator.clipboard.readText = () => slow.then(read)`);
    await card('one').click();
    await page.keyboard.press('Control+v');
    await page.getByTestId('outlet-text-not_sent').click();
    const search = page.getByRole('dialog', { name: 'Add a step' }).getByRole('combobox');
    await focused(search);
    await page.evaluate('window.readOn()');
    await until('the copy to be there', async () => (await lineOf(id)).length === 6);
    await focused(search);
    await page.keyboard.press('Escape');
  });

  test('a click beside the cards leaves the keys of the canvas working', async () => {
    await openLine('Beside');
    const box = await placeOf(canvas());
    await page.mouse.click(box.x + box.width - 120, box.y + 200);
    await page.keyboard.press('Control+a');
    expect(await chosen()).toEqual(['done', 'one', 'start', 'text', 'two']);
  });
});

describe('A step that is not filled in', () => {
  const message = () => field(page, 'Message');

  test('opens in its blank field, whether clicked, dropped, led to, chosen in the outline or by Enter', async () => {
    await openLine('Blank');
    await card('text').click();
    await focused(message());
    await message().press('Escape');
    await focused(card('text'));
    await page.keyboard.press('Enter');
    await focused(message());

    await card('two').click();
    await page.getByTestId('inspector').getByRole('button', { name: 'Send SMS' }).click();
    await focused(message());

    await page.keyboard.press('Control+Shift+o');
    await page.getByTestId('outline-two').click();
    await page.getByTestId('outline-text').click();
    await focused(message());
    await page.keyboard.press('Control+Shift+o');

    await addByDrag(page, 'send-sms', 'text', 'not_sent');
    await focused(message());

    await card('text').click();
    await message().press('Escape');
    await page.keyboard.press('Control+d');
    const copy = await until('the copy to be chosen', async () => {
      const id = await chosenStep(page);
      return id === 'text' ? null : id;
    });
    await focused(page.locator(`[data-inspector="${copy}"]`).getByLabel('Message', { exact: true }));

    await message().press('Escape');
    await focused(card(copy));
    await page.keyboard.press('Control+c');
    await card('start').click();
    await page.keyboard.press('Control+v');
    await focused(message());
    expect(await message().inputValue()).toBe('');
  });

  test('opens in its blank field from a problem that is about the step as a whole', async () => {
    await openLine('Whole');
    await card('two').click();
    await page.keyboard.press('Control+Shift+m');
    // Nothing leads to the text any more: a problem of the step, not of a field.
    await page
      .getByTestId('inspector')
      .getByRole('button', { name: /^Disconnect/ })
      .click();
    await page
      .getByRole('region', { name: 'Problems' })
      .getByRole('button', { name: /Nobody can get to this step.*Send SMS/ })
      .click();
    await focused(message());
  });
});

describe('The focus', () => {
  test('is where it was after publishing and after undoing what it stood on', async () => {
    const id = await openLine('Focus');
    await card('text').click();
    await message('Words at last.');
    await card('one').click();
    await saved(page);
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Publish version 1' }).press('Enter');
    await page.getByRole('button', { name: 'Live v1' }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await focused(card('one'));

    await page.keyboard.press('Control+d');
    const copy = await chosenStep(page);
    await focused(card(copy));
    await page.keyboard.press('Control+z');
    await card(copy).waitFor({ state: 'detached' });
    await focused(page.locator('[data-focus-key]'));
    await page.keyboard.press('Control+Shift+z');
    await card(copy).waitFor();
    expect(await lineOf(id)).toHaveLength(6);

    await page.getByRole('button', { name: 'Publish version 2' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await focused(page.getByRole('button', { name: 'Publish version 2' }));
    await page.getByRole('button', { name: 'More for this flow' }).click();
    await page.getByRole('menuitem', { name: 'Pause flow' }).click();
    await page.keyboard.press('Escape');
    await focused(page.getByRole('button', { name: 'More for this flow' }));
  });

  const message = (text: string) => field(page, 'Message').fill(text);
});

describe('All of a flow', () => {
  test('is shown so that every "+" can still be hit', async () => {
    const w = flow('Long');
    const first = w.step('start', keyword, { keywords: ['long'] });
    let last = w.step('w0', wait, { duration: { amount: 1, unit: 'days' } });
    first.to('next', last);
    for (let n = 1; n < 24; n += 1) {
      const next = w.step(`w${n}`, wait, { duration: { amount: 1, unit: 'days' } });
      last.to('done', next);
      last = next;
    }
    const made = await page.request.post('/api/v1/flows', { data: w.build(), headers });
    const { id } = z.object({ id: z.string() }).parse(await made.json());
    await page.goto(`/flows/${id}`);
    await card('start').click({ trial: true });
    await page.getByRole('button', { name: 'Show the whole flow' }).click();
    const hit = async (plus: Locator) => {
      await plus.click({ trial: true });
      const [box, shown] = [await placeOf(plus), await placeOf(canvas())];
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(24);
      expect(box.y).toBeGreaterThanOrEqual(shown.y);
      expect(box.y + box.height).toBeLessThanOrEqual(shown.y + shown.height);
      await plus.click();
      await page.getByRole('dialog', { name: 'Add a step' }).waitFor();
      await page.keyboard.press('Escape');
    };
    // More than fits at that size: its top, then the part around the card that is chosen.
    await hit(page.getByTestId('insert-start-next'));
    await hit(page.getByTestId('insert-w5-done'));
    await card('start').click();
    await page.keyboard.press('End');
    await focused(card('w23'));
    await card('w23').click();
    await page.getByRole('button', { name: 'Show the whole flow' }).click();
    await hit(page.getByTestId('insert-w20-done'));
    await hit(page.getByTestId('outlet-w23-done'));
    expect(visit.faults).toEqual([]);
  });
});
