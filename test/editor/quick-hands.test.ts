import { flow } from '@signalbox/nodes/flow/builder';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { focused, saved } from './support/drawing.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';

const headers = { 'x-signalbox': '1' };

let visit: Visit;
let page: Page;
beforeAll(async () => {
  visit = await startVisit();
  const context = await visit.another({ reducedMotion: 'no-preference' });
  page = await context.newPage();
  const slow = await context.newCDPSession(page);
  await slow.send('Emulation.setCPUThrottlingRate', { rate: 4 });
}, 120_000);
afterAll(() => visit.close(), 60_000);

/** A keyword, then a branch with a way out for three answers and the rest; opened in the editor. Returns its id. */
async function openQuestion(name: string): Promise<string> {
  const w = flow(name);
  const start = w.step('start', keyword, { keywords: [name.replaceAll(' ', '')] });
  const answer = (id: string) => ({ id, label: id, condition: { field: 'reply.text', op: 'is', value: id } as const });
  const decide = w.step('decide', branch, { branches: ['one', 'two', 'three'].map(answer) });
  start.to('next', decide);
  const made = await page.request.post('/api/v1/flows', { data: w.build(), headers });
  const { id } = z.object({ id: z.string() }).parse(await made.json());
  await page.goto(`/flows/${id}`);
  await page.getByTestId('step-decide').waitFor();
  return id;
}

const graphSchema = z.object({
  graph: z.object({
    steps: z.array(z.object({ id: z.string(), type: z.string(), config: z.record(z.string(), z.unknown()) })),
    edges: z.array(z.object({ from: z.string(), outlet: z.string(), to: z.string() })),
  }),
});

/** The flow as the server has it, once every edit has reached it. */
async function graphOf(id: string) {
  await saved(page);
  return graphSchema.parse(await (await page.request.get(`/api/v1/flows/${id}`)).json()).graph;
}

async function middleOf(target: Locator): Promise<{ x: number; y: number }> {
  const box = await target.boundingBox();
  if (box === null) throw new Error('What is to be pressed is not on the screen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

describe('With quick hands on a slow machine', () => {
  test('a "+" pressed right after a step was chosen opens, and its picker stays open', async () => {
    pictureOnFailure(page);
    for (const [round, pause] of [0, 10, 20, 30].entries()) {
      const id = await openQuestion(`Quick ${round}`);
      const [first, second] = [page.getByTestId('outlet-decide-one'), page.getByTestId('outlet-decide-three')];
      await first.click();
      const choice = page.getByRole('combobox');
      await focused(choice);
      await page.keyboard.type('wait 2d');
      const aim = await middleOf(second);
      await page.mouse.move(aim.x, aim.y);
      await page.keyboard.press('Enter');
      await new Promise((resolve) => setTimeout(resolve, pause));
      await page.mouse.down();
      await page.mouse.up();
      await page.keyboard.type('end', { delay: 25 });
      await page.keyboard.press('Enter');
      const { edges, steps } = await graphOf(id);
      const led = edges.find((edge) => edge.from === 'decide' && edge.outlet === 'three');
      expect(steps.find((step) => step.id === led?.to)?.type, `after ${pause} ms`).toBe('end');
    }
    expect(visit.faults).toEqual([]);
  }, 60_000);

  test('letters typed right after a step was chosen are never lost, nor taken for commands', async () => {
    pictureOnFailure(page);
    const id = await openQuestion('Quick letters');
    await page.getByTestId('outlet-decide-one').focus();
    for (const text of ['a', 'wait 2d', 'Enter', 'a', 'wait 3d', 'Enter']) {
      if (text === 'Enter') await page.keyboard.press('Enter', { delay: 15 });
      else await page.keyboard.type(text, { delay: 15 });
    }
    const { steps, edges } = await graphOf(id);
    const waits = steps.filter((step) => step.type === 'wait');
    expect(waits.map((step) => step.config)).toMatchObject([
      { duration: { amount: 2, unit: 'days' } },
      { duration: { amount: 3, unit: 'days' } },
    ]);
    expect(edges).toContainEqual({ from: waits[0]?.id, outlet: 'done', to: waits[1]?.id });
    expect(visit.faults).toEqual([]);
  });

  test('a "+" that slides while the canvas moves is hit', async () => {
    pictureOnFailure(page);
    const id = await openQuestion('Quick slide');
    await page.getByTestId('step-start').click();
    const insert = page.getByTestId('insert-start-next');
    const open = page.getByTestId('outlet-decide-two');
    // Putting a step above the branch moves everything below it down, its "+" too.
    await insert.click();
    await focused(page.getByRole('combobox'));
    await page.keyboard.type('check consent');
    const aim = await middleOf(open);
    await page.keyboard.press('Enter');
    await page.mouse.click(aim.x, aim.y);
    await focused(page.getByRole('combobox'));
    await page.keyboard.type('end');
    await page.keyboard.press('Enter');
    const { edges, steps } = await graphOf(id);
    const led = edges.find((edge) => edge.from === 'decide' && edge.outlet === 'two');
    expect(steps.find((step) => step.id === led?.to)?.type).toBe('end');
    expect(visit.faults).toEqual([]);
  });
});
