import type { Locator, Page } from 'playwright-core';

/** The field with this label in the panel of the chosen step. */
export function field(page: Page, label: string): Locator {
  return page.getByTestId('inspector').getByLabel(label, { exact: true });
}

/** Waits until this has the keyboard's focus. */
export async function focused(target: Locator): Promise<void> {
  await target.and(target.page().locator(':focus')).waitFor();
}

/** The id of the one chosen step. */
export async function chosenStep(page: Page): Promise<string> {
  const card = page.locator('[data-testid^="step-"][data-state="selected"]');
  await card.waitFor();
  return ((await card.getAttribute('data-testid')) ?? '').slice('step-'.length);
}

/** Brings the whole flow into sight where a part of it lies outside. */
async function bringIntoSight(page: Page, target: Locator): Promise<void> {
  await target.waitFor({ state: 'attached' });
  const canvas = await page.getByRole('region', { name: 'Canvas' }).boundingBox();
  const box = await target.boundingBox();
  const palette = 230;
  const seen =
    canvas !== null &&
    box !== null &&
    box.x > canvas.x + palette &&
    box.y > canvas.y &&
    box.x + box.width < canvas.x + canvas.width &&
    box.y + box.height < canvas.y + canvas.height;
  if (!seen) await page.getByRole('button', { name: 'Show the whole flow' }).click();
}

function plus(page: Page, from: string, outlet: string): Locator {
  return page.getByTestId(`outlet-${from}-${outlet}`);
}

/** Chooses a card. */
export async function choose(page: Page, step: string): Promise<void> {
  const card = page.getByTestId(`step-${step}`);
  await bringIntoSight(page, card);
  await card.click();
  await page.locator(`[data-testid="step-${step}"][data-state="selected"]`).waitFor();
}

/** Adds a step with the "+" of a way out, by typing a part of its name. Returns its id. */
export async function addWithPlus(page: Page, from: string, outlet: string, search: string): Promise<string> {
  const target = plus(page, from, outlet);
  await bringIntoSight(page, target);
  await target.click();
  const picker = page.getByRole('dialog', { name: 'Add a step' });
  await picker.getByRole('combobox').fill(search);
  await page.keyboard.press('Enter');
  await picker.waitFor({ state: 'detached' });
  await page.locator(`[data-testid="step-${from}"][data-state="idle"]`).waitFor();
  return chosenStep(page);
}

/**
 * Drags as a hand does: takes hold of what has come to rest, sees that it holds it, and looks then where to go. The canvas may still be
 * on its way from the edit before.
 */
async function dragTo(page: Page, from: Locator, to: Locator): Promise<void> {
  await from.hover();
  const start = await middleOf(from);
  await page.mouse.down();
  await page.mouse.move(start.x + 12, start.y + 12, { steps: 3 });
  await page.getByTestId('dragged').waitFor({ state: 'attached' });
  const end = await middleOf(to);
  await page.mouse.move(end.x, end.y, { steps: 8 });
  await page.mouse.up();
}

async function middleOf(target: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await target.boundingBox();
  if (box === null) throw new Error('What is dragged, or where to, is not on the screen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Drags a step from the palette onto the "+" of a way out. Returns its id. */
export async function addByDrag(page: Page, type: string, from: string, outlet: string): Promise<string> {
  const target = plus(page, from, outlet);
  await bringIntoSight(page, target);
  await dragTo(page, page.getByTestId(`palette-${type}`), target);
  await page.locator(`[data-testid="step-${from}"][data-state="idle"]`).waitFor();
  return chosenStep(page);
}

/** Drags the "+" of a way out onto a card, to lead there. */
export async function leadByDrag(page: Page, from: string, outlet: string, to: string): Promise<void> {
  const [target, card] = [plus(page, from, outlet), page.getByTestId(`step-${to}`)];
  await bringIntoSight(page, target);
  await bringIntoSight(page, card);
  await dragTo(page, target, card);
  await target.waitFor({ state: 'detached' });
}

/** Leads a way out to an existing step with the picker's "Go to step…". */
export async function leadWithPicker(page: Page, from: string, outlet: string, title: string): Promise<void> {
  const target = plus(page, from, outlet);
  await bringIntoSight(page, target);
  await target.click();
  await page.getByRole('option', { name: 'Go to step…' }).click();
  await page.getByRole('dialog', { name: 'Go to step…' }).getByRole('combobox').fill(title);
  await page.keyboard.press('Enter');
  await target.waitFor({ state: 'detached' });
}

/** Waits until every edit has reached the server. */
export async function saved(page: Page): Promise<void> {
  await page.locator('[data-testid="save-state"][data-state="saved"]').waitFor();
}

/** Publishes through the dialog. */
export async function publish(page: Page, version: number): Promise<void> {
  await saved(page);
  await page.getByRole('button', { name: `Publish version ${version}` }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Publish version ${version}` })
    .click();
  await page.getByRole('button', { name: `Live v${version}` }).waitFor();
}

/** Texts from the phone on the screen. */
export async function textFromPhone(page: Page, text: string): Promise<void> {
  const phone = page.getByTestId('phone');
  await phone.getByLabel('Text message').fill(text);
  await phone.getByRole('button', { name: 'Send text' }).click();
  await phone.locator('li[data-direction="outgoing"]').filter({ hasText: text }).last().waitFor();
}

/** The texts that came to the phone, oldest first. */
export async function incoming(page: Page): Promise<string[]> {
  return page.getByTestId('phone').locator('li[data-direction="incoming"] p').allInnerTexts();
}
