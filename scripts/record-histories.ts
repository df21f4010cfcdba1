import { runCommand } from './run-command.ts';

/**
 * `node scripts/record-histories.ts`: plays the situations of test/replay/record.ts and writes the histories that are not there yet.
 * One that exists is never written again: it says what workflows out there have done, and a change of code has to live with it.
 */
const { exitCode } = await runCommand('vitest', ['run', '--config', 'test/replay/vitest.record.config.ts'], {
  timeoutMs: 600_000,
  show: true,
});
process.exitCode = exitCode;
