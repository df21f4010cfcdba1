import { execFileSync } from 'node:child_process';
import { startChromium } from './chromium.ts';

const out = execFileSync('/work/main/node_modules/.bin/node', ['/work/main/packages/engine/src/main/start.ts'], {
  env: { ...process.env, SIGNALBOX_DATA: '/tmp/e2e/data2' },
  cwd: '/work/main',
}).toString();
const link = /Sign in:\s+(\S+)/.exec(out)![1]!;
const b = await startChromium();
const ctx = await b.newContext({ viewport: { width: 1440, height: 900 }, deviceScaleFactor: 2, locale: 'en-US' });
const p = await ctx.newPage();
await p.goto(link);
await p.getByRole('button').click();
await p.waitForURL('**/flows');
const text = (n: string, body: string) =>
  p.request.post(`http://127.0.0.1:4810/demo/phone/phones/${encodeURIComponent(n)}/messages`, {
    data: { to: '+12025550100', body },
    headers: { 'x-signalbox': '1' },
  });
const nums = Array.from({ length: 23 }, (_, i) => `+120255501${60 + i}`);
if (process.argv[2] === 'people') {
  for (const n of nums) await text(n, 'hello');
  await p.waitForTimeout(4000);
  for (const [i, n] of nums.entries()) if (i % 5 !== 4) await text(n, i % 3 === 0 ? 'no' : 'yes');
  await p.waitForTimeout(4000);
}
await p.getByRole('link', { name: 'Sample: say hello' }).click();
await p.getByRole('button', { name: 'Hide steps' }).click();
await p.getByRole('button', { name: 'Open phone' }).click();
if (process.argv[2] === 'people') {
  await p.getByTestId('phone').getByLabel('Text message').fill('Hello');
  await p.keyboard.press('Enter');
  await p.waitForTimeout(3000);
  await p.getByTestId('phone').getByLabel('Text message').fill('Yes please');
  await p.keyboard.press('Enter');
  await p.waitForTimeout(3500);
}
await p.waitForTimeout(1500);
await p.getByRole('button', { name: 'Show the whole flow' }).click();
await p.mouse.move(700, 860);
await p.waitForTimeout(1500);
await p.screenshot({ path: '/tmp/e2e/hero2x.png' });
await p.setViewportSize({ width: 1440, height: 900 });
await b.close();
