import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from '@signalbox/engine/main/repository-root';

/**
 * The browser suites with the CPU of every page throttled, to find what only slow machines see:
 * `pnpm bench browsers [--throttle 4] [--times 10] [--only quick-hands]`. Prints how many passes failed; the runs themselves say where.
 */
export async function run(options: ReadonlyMap<string, string>): Promise<void> {
  const rate = options.get('throttle') ?? '4';
  const times = Number(options.get('times') ?? '10');
  const folder = join('test/editor', options.get('only') ?? '');
  let failed = 0;
  for (let pass = 1; pass <= times; pass += 1) {
    console.log(`pass ${pass} of ${times}, CPU throttled ${rate} times`);
    const vitest = join(repositoryRoot, 'node_modules/vitest/vitest.mjs');
    const child = spawn(
      process.execPath,
      [vitest, 'run', folder, '--maxWorkers=1', '--testTimeout=180000', '--hookTimeout=180000'],
      { cwd: repositoryRoot, env: { ...process.env, BROWSER_THROTTLE: rate }, stdio: 'inherit' },
    );
    const [code]: unknown[] = await once(child, 'exit');
    if (code !== 0) failed += 1;
  }
  console.log(`throttle: ${rate}\npasses: ${times}\npasses_failed: ${failed}`);
  if (failed > 0) process.exitCode = 1;
}
