import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@signalbox/engine/main/repository-root';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { countsOnCanvas } from './support/counts.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';
import { until } from './support/wait.ts';

const winBackName = 'Win back quiet customers';

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
}, 120_000);
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

const listSchema = z.object({ data: z.array(z.object({ id: z.string(), name: z.string() })) });
const peopleSchema = z.object({
  data: z.array(z.object({ id: z.string(), consent: z.record(z.string(), z.string()), phone: z.string() })),
});

/** The token that `pnpm run token` prints, as in a terminal beside the running product. */
async function bearerToken(): Promise<string> {
  const pnpm = join(repositoryRoot, 'node_modules/.bin/pnpm');
  const { stdout } = await promisify(execFile)(pnpm, ['--silent', 'run', 'token'], {
    cwd: repositoryRoot,
    env: visit.product.env,
  });
  return stdout.split('\n')[0] ?? '';
}

describe('Flows written in code', () => {
  test('the typed builder’s flow is shown read-only, with where it is written', async () => {
    const { page } = visit;
    await page.getByRole('link', { name: 'Welcome', exact: true }).click();
    await page.getByText('workflows/welcome.flow.ts').waitFor();
    await page.getByText('Read only: written in code').waitFor();
    expect(await page.locator('[data-testid^="step-"]').count()).toBe(12);
    expect(await page.getByRole('button', { name: /Publish/ }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Add a step after|^Insert a step after/ }).count()).toBe(0);
    expect(await page.getByRole('complementary', { name: 'Steps' }).count()).toBe(0);
    await page.getByTestId('step-greet').click();
    const message = page.getByTestId('inspector').getByLabel('Message', { exact: true });
    expect(await message.inputValue()).toContain("Welcome {{ contact.first_name | default: 'there' }}!");
    expect(await message.isDisabled()).toBe(true);
    await page.getByTestId('step-greet').press('Delete');
    expect(await page.locator('[data-testid^="step-"]').count()).toBe(12);
  });

  test('the workflow is listed and shown, started over the API for consented people, and counted on its screen', async () => {
    const { page, product } = visit;
    await page.getByRole('link', { name: 'Flows', exact: true }).first().click();
    await page.getByRole('link', { name: winBackName }).click();
    await page.getByText('workflows/win-back.workflow.ts').waitFor();
    for (const step of ['consented', 'first_offer', 'first_answer', 'thanks', 'second_offer'])
      await page.getByTestId(`step-${step}`).waitFor();

    const token = await bearerToken();
    const call = async (path: string, body?: object) => {
      const response = await fetch(`${product.url}/api/v1${path}`, {
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': 'win-back-1',
        },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      });
      expect(response.ok, `${path}: ${response.status}`).toBe(true);
      return response.json();
    };
    const consented = await until('two people who agreed', async () => {
      const people = peopleSchema
        .parse(await call('/contacts?limit=200'))
        .data.filter((each) => each.consent.marketing === 'granted');
      return people.length >= 2 ? people.slice(0, 2) : null;
    });
    const flow = listSchema.parse(await call('/flows')).data.find((each) => each.name === winBackName);
    await call(`/flows/${flow?.id}/enrollments`, { contact_ids: consented.map((each) => each.id) });

    const passed = { entered: 2, here: 0, left: 2, failed: 0 };
    await until('the screen to count both', async () => {
      const shown = await countsOnCanvas(page);
      return shown.find((each) => each.step === 'first_answer')?.here === 2;
    });
    expect(await countsOnCanvas(page)).toEqual([
      { step: 'consented', ...passed },
      { step: 'first_answer', entered: 2, here: 2, left: 0, failed: 0 },
      { step: 'first_offer', ...passed },
    ]);
    const sent = await product.sql(
      `SELECT m.body FROM messages m JOIN flows f ON f.id = m.flow_id WHERE f.name = $1 AND m.direction = 'out'`,
      [winBackName],
    );
    expect(sent.map((row) => row.body)).toEqual([
      expect.stringContaining('we miss you'),
      expect.stringContaining('we miss you'),
    ]);

    await page.getByTestId('here-first_answer').click();
    const people = page.getByRole('complementary', { name: 'People at the step' });
    await people.getByText('2 people have reached this step').waitFor();
    await people.getByRole('button', { name: 'Here now 2' }).waitFor();
    await people.getByRole('button', { name: 'Moved on 0' }).waitFor();
    await people.getByRole('listitem').nth(1).waitFor();
    expect(await people.getByRole('listitem').count()).toBe(2);
  });
});
