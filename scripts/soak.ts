import { parseArgs } from 'node:util';
import { runCommand } from './run-command.ts';

/**
 * `npx pnpm soak [--minutes N] [--seed N]`: repeats the tests that kill processes while people move, and 10,000 STOPs beside their claims,
 * each time with other moments drawn from the next seed, until the minutes are over or something was lost, doubled or sent after a STOP.
 * `KILL_SEED` repeats one of them.
 */
const files = [
  'test/launcher/kills.test.ts',
  'test/faults/kills.test.ts',
  'test/faults/process-ends.test.ts',
  'test/faults/stop-races.test.ts',
];
const minute = 60_000;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' } },
});
const end = performance.now() + Number(values.minutes) * minute;
let rounds = 0;
for (let seed = Number(values.seed); performance.now() < end; seed += 1) {
  const { exitCode } = await runCommand('vitest', ['run', '--config', 'vitest.config.ts', ...files], {
    timeoutMs: 20 * minute,
    show: true,
    env: { KILL_SEED: String(seed), PROCESS_ENDS: 'all', STOP_RACES: '10000' },
  });
  if (exitCode !== 0) {
    console.log(
      `Seed ${seed} failed, after ${rounds} rounds that did not. Repeat it: KILL_SEED=${seed} npx pnpm test --only main ${files.join(' ')}`,
    );
    process.exitCode = 1;
    break;
  }
  rounds += 1;
  console.log(`Seed ${seed}: nothing lost, doubled or sent after a STOP.`);
}
console.log(`${rounds} rounds without a loss.`);
