import { shown } from '@signalbox/engine/http/ids';
import { readyBacklogs } from '@signalbox/engine/sending/turns';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createQueueWorld } from '../queue/queue-world.ts';
import { type Harness, startHarness } from '../support/harness.ts';
import { runProgram } from './run-program.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ work: false });
});
afterAll(() => harness.close());

function weights(...args: string[]) {
  const { DATABASE_URL, DATABASE_ROUTER_URL, PATH } = harness.processEnv('/nowhere');
  return runProgram('queue-weights', { env: { PATH, DATABASE_URL, DATABASE_ROUTER_URL }, args });
}

test('a workspace is given more turns than others, and dispatchers see it at their next look', async () => {
  const now = new Date();
  const id = shown('workspace', harness.workspaceId);
  await createQueueWorld(harness).queue(now);
  const seen = async () => (await readyBacklogs(harness.db, 0, now)).map(({ workspaceWeight }) => workspaceWeight);
  expect(await seen()).toEqual([1]);
  expect(await weights()).toEqual({ code: 0, said: expect.stringMatching(`^${id} +1  .`) });
  expect(await weights('--workspace', id, '--weight', '3')).toEqual({
    code: 0,
    said: expect.stringMatching(`^${id} +3  .`),
  });
  expect(await seen()).toEqual([3]);
});

test('what it cannot do it says, and changes nothing', async () => {
  const id = shown('workspace', harness.workspaceId);
  const usage = { code: 2, said: expect.stringContaining('Usage') };
  for (const args of [['--workspace', id], ['--weight', '2'], ['--workspace', id, '--weight', '101'], ['--weights']])
    expect(await weights(...args)).toEqual(usage);
  const other = shown('workspace', harness.engine.ids.uuid());
  const unknown = { code: 1, said: expect.stringContaining('no such workspace') };
  for (const workspace of [other, 'nonsense'])
    expect(await weights('--workspace', workspace, '--weight', '2')).toEqual(unknown);
});
