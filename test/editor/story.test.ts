import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';

const folder = `${import.meta.dirname}/support`;

/** Runs the fixture as a file of its own and prints what became of each test. */
const run = `
  const { startVitest } = await import('vitest/node');
  const settings = { config: false, root: ${JSON.stringify(folder)}, include: ['story.fixture.ts'], watch: false, reporters: [{}] };
  const vitest = await startVitest('test', [], settings);
  const tests = [...vitest.state.getTestModules()].flatMap((file) => [...file.children.allTests()]);
  console.log(JSON.stringify(tests.map((each) => {
    const { state, errors = [] } = each.result();
    return [each.name, state, errors.map(({ message }) => message.split('\\n')[0])];
  })));
  await vitest.close();`;
const resultsSchema = z.array(z.tuple([z.string(), z.string(), z.array(z.string())]));

test('where one test of a story fails, the later ones say so at once', async () => {
  const { VITEST: _nested, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', run], {
    cwd: folder,
    env,
  }).catch((error: { stdout: string; stderr: string }) => error);
  const ended = ['The story ended at “breaks off”.'];
  expect(resultsSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))).toEqual([
    ['begins', 'passed', []],
    ['breaks off', 'failed', [expect.stringContaining('expected')]],
    ['would have gone on', 'failed', ended],
    ['would have ended well', 'failed', ended],
    ['stands apart', 'passed', []],
  ]);
});
