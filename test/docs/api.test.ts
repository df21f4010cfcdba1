import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@signalbox/engine/main/repository-root';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startClusterProduct } from '../editor/support/cluster-product.ts';
import type { Product } from '../editor/support/product.ts';
import { until } from '../support/harness.ts';

let product: Product;
beforeAll(async () => {
  product = await startClusterProduct();
}, 120_000);
afterAll(() => product.close(), 60_000);

/** The page's commands, in order, as one script. */
function commands(): string[] {
  const page = readFileSync(join(repositoryRoot, 'docs/api.md'), 'utf8');
  return [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
}

function run(script: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      'sh',
      ['-eu', '-c', script],
      { cwd: repositoryRoot, env: { ...product.env, URL: product.url } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

test('the commands of docs/api.md run as they stand, twice, and do what the page says', {
  timeout: 120_000,
}, async () => {
  const blocks = commands();
  expect(blocks.length).toBeGreaterThan(8);
  for (let time = 1; time <= 2; time += 1) {
    const { code, stdout, stderr } = await run(blocks.join('\n'));
    expect([code, stderr]).toEqual([0, '']);
    for (const said of ['"phone":"+12025550151"', 'live\n', '"enrolled":', '"steps":', '"code":"validation_failed"'])
      expect(stdout).toContain(said);
  }
  const texts = async () =>
    (
      await product.sql(
        `SELECT DISTINCT body FROM messages WHERE direction = 'out' AND body LIKE 'Thanks for your order%'`,
      )
    )
      .map((row) => row['body'])
      .sort();
  await until('both to be thanked', async () => (await texts()).length === 2);
  expect(await texts()).toEqual(['Thanks for your order, Ada!', 'Thanks for your order, Grace!']);
});

test('nothing of the running product is open but health, webhooks and signing in', async () => {
  const status = async (path: string) => (await fetch(`${product.url}${path}`)).status;
  const page = await (await fetch(product.url)).text();
  expect(page).toContain('Sign in to Signalbox');
  expect(page).not.toMatch(/<script|<link/);
  expect(await Promise.all(['/', '/flows', '/theme.js', '/assets/x.js', '/metrics', '/api/docs'].map(status))).toEqual([
    401, 401, 401, 401, 401, 401,
  ]);
  expect(await Promise.all(['/healthz', '/readyz', '/sign-in?token=x'].map(status))).toEqual([200, 200, 200]);
});
