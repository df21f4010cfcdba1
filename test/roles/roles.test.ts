import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadCodeFlows, registerCodeFlows } from '@signalbox/engine/flows/code-registry';
import { repositoryRoot } from '@signalbox/engine/main/repository-root';
import { findFreePort } from '@signalbox/launcher/ports';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { editorIsBuilt, linkIn, runStart } from '../editor/support/product.ts';
import { workflowsFolder } from '../support/global-setup.ts';
import { businessNumber, type Harness, phone, startHarness, until } from '../support/harness.ts';

/** The harness gives the parts that both processes share; its own engine and API stay out of it. */
let harness: Harness;
let folder = '';
let api: Record<string, string> = {};
let worker: Record<string, string> = {};
const started: ReturnType<typeof runStart>[] = [];

beforeAll(async () => {
  await editorIsBuilt();
  harness = await startHarness({ work: false });
  // Files in workflows/ go live where the workspace starts them.
  await registerCodeFlows(harness.engine, harness.workspaceId, await loadCodeFlows(workflowsFolder), 'live');
  folder = mkdtempSync(join(tmpdir(), 'signalbox-roles-'));
  const [apiPort, workerPort] = [String(await findFreePort()), String(await findFreePort())];
  const url = `http://127.0.0.1:${apiPort}`;
  const env = { ...harness.processEnv(folder), PUBLIC_URL: url };
  api = { ...env, ROLES: 'api', PORT: apiPort, SIGNALBOX_DATA: join(folder, 'api') };
  worker = { ...env, ROLES: 'worker', PORT: workerPort, SIGNALBOX_DATA: join(folder, 'worker') };
  harness.carrier.setAccount({
    sid: `AC${'0'.repeat(32)}`,
    auth_token: 'a-token-of-the-test-account',
    opt_out: 'customer',
    numbers: [{ number: businessNumber, sms_url: `${url}/webhooks/twilio/${harness.accountId}/sms` }],
  });
}, 120_000);
afterAll(async () => {
  for (const run of started) run.process.kill('SIGINT');
  await Promise.all(started.map((run) => run.ended));
  await harness.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** Runs the command of docs/operations.md with these settings until it says that it is ready. */
async function start(env: Record<string, string>, ready: (lines: readonly string[]) => unknown) {
  const run = runStart(env);
  started.push(run);
  let over = false;
  void run.ended.then(() => {
    over = true;
  });
  await until(`${env['ROLES']} to be ready`, () => over || ready(run.lines), 60_000).catch(() => undefined);
  if (!ready(run.lines)) throw new Error(`It did not become ready:\n${run.lines.join('\n')}`);
  return run;
}

const saysWorking = (lines: readonly string[]) => lines.find((line) => line.startsWith('This worker is ready'));

describe('one process for each role, over one database and one Temporal', { timeout: 120_000 }, () => {
  test('a keyword comes in at the one, and the other answers it', async () => {
    await Promise.all([start(worker, saysWorking), start(api, linkIn)]);
    harness.carrier.text(phone(1), businessNumber, 'WELCOME');
    const texts = () => harness.carrier.ledger.messages.map((message) => message.body);
    await until('the greeting', () => texts().some((text) => text.startsWith('Welcome there!')), 40_000);
    const sent = () =>
      harness.inTx((tx) => tx.selectFrom('messages').select('state').where('direction', '=', 'out').execute());
    await until('its receipt', async () => (await sent())[0]?.state === 'delivered', 20_000);
  });

  test('only the one with the role api serves the API, both say how they are', async () => {
    const status = async (env: Record<string, string>, path: string) =>
      (await fetch(`http://127.0.0.1:${env['PORT']}${path}`)).status;
    expect([await status(api, '/readyz'), await status(worker, '/readyz')]).toEqual([200, 200]);
    expect([await status(api, '/api/v1/flows'), await status(worker, '/api/v1/flows')]).toEqual([401, 404]);
  });

  test('a token is made with the same settings', async () => {
    const script = join(repositoryRoot, 'packages/engine/src/main/token.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [script], { env: api, cwd: repositoryRoot });
    const token = stdout.split('\n')[0] ?? '';
    const answer = await fetch(`${api['PUBLIC_URL']}/api/v1/flows`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    const trail = await fetch(`${api['PUBLIC_URL']}/api/v1/audit`, { headers: { authorization: `Bearer ${token}` } });
    expect(await trail.json()).toMatchObject({
      data: [{ action: 'token.made', text: 'Made a token on the command line', detail: { scope: 'full' } }],
    });
  });

  test('a second start in a worker’s folder says that there is nothing to sign in to', async () => {
    const again = runStart(worker);
    expect(await again.ended).toBe(0);
    expect(again.lines.join('\n')).toContain('It has the role worker alone');
  });
});
