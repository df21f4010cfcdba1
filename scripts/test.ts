import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolderPath } from '@signalbox/launcher/data-folder';
import { runChecks } from './checks.ts';
import { findChromium } from './chromium.ts';
import { runCommand } from './run-command.ts';
import { countSuite, type SuiteCounts } from './vitest-report.ts';

/**
 * `pnpm test`: the checks, then the main suite, then the suite on the server that skips time. The last line is
 * `N passed, N failed`; a check counts as one test. For developers: `pnpm test --only checks|main|time [file …]`.
 */
type Part = { readonly name: string; readonly run: (files: readonly string[]) => Promise<SuiteCounts> };

const minutes = 60_000;

async function checks(): Promise<SuiteCounts> {
  const results = await runChecks();
  return {
    passed: results.filter((result) => result.problems.length === 0).length,
    failed: results.filter((result) => result.problems.length > 0).map((result) => `check ${result.name}`),
  };
}

async function vitest(
  name: string,
  config: string,
  timeoutMs: number,
  files: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<SuiteCounts> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-report-'));
  const report = join(folder, 'report.json');
  try {
    const args = [
      'run',
      '--config',
      config,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...files,
    ];
    const { exitCode, timedOut } = await runCommand('vitest', args, { timeoutMs, show: true, env });
    const counts = countSuite(name, existsSync(report) ? readFileSync(report, 'utf8') : null, exitCode);
    return timedOut
      ? { ...counts, failed: [...counts.failed, `${name}: stopped after ${timeoutMs / minutes} minutes`] }
      : counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The suite without the skipped days; its browser tests find their Chromium by CHROMIUM_PATH. */
async function main(files: readonly string[]): Promise<SuiteCounts> {
  const chromium = await findChromium(cacheFolderPath()).catch((error: unknown) => {
    console.log(`No Chromium: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  });
  return vitest('main', 'vitest.config.ts', 60 * minutes, files, chromium === null ? {} : { CHROMIUM_PATH: chromium });
}

const parts: readonly Part[] = [
  { name: 'checks', run: checks },
  { name: 'main', run: main },
  { name: 'time', run: (files) => vitest('time', 'vitest.time.config.ts', 15 * minutes, files) },
];

const { values, positionals } = parseArgs({
  options: { only: { type: 'string', multiple: true } },
  allowPositionals: true,
});
const chosen = parts.filter((part) => values.only === undefined || values.only.includes(part.name));
const lines: string[] = [];
const failed: string[] = [];
let passed = 0;
for (const part of chosen) {
  const startedAt = performance.now();
  console.log(`\n${part.name}`);
  const counts = await part.run(positionals);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  lines.push(
    `${counts.failed.length === 0 ? '✓' : '✗'} ${part.name.padEnd(8)} ${counts.passed} passed, ${counts.failed.length} failed, ${seconds} s`,
  );
  passed += counts.passed;
  failed.push(...counts.failed);
}
if (chosen.length === 0)
  failed.push(`there is no part ${values.only?.join(', ')}; there are ${parts.map((part) => part.name).join(', ')}`);
console.log(`\n${lines.join('\n')}`);
for (const name of failed) console.log(`✗ ${name}`);
if (failed.length > 0 || passed === 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed.length} failed`);
