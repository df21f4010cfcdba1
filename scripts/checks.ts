import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkBoundaries } from './boundaries.ts';
import { checkCatalogues } from './catalogues.ts';
import { checkLicences } from './licences.ts';
import { downloadAddresses } from './lockfile.ts';
import { checkReferences } from './named-documents.ts';
import { repositoryRoot, runCommand } from './run-command.ts';

/** A check without tests of its own: what it found wrong, a line each; empty where nothing is. `note` is said when it passes. */
type Check = {
  readonly name: string;
  readonly run: () => Promise<{ readonly problems: readonly string[]; readonly note?: string }>;
};

export type CheckResult = {
  readonly name: string;
  readonly problems: readonly string[];
  readonly seconds: number;
  readonly note: string;
};

const minutes = 60_000;

async function command(
  program: string,
  args: readonly string[],
  folder?: string,
): Promise<{ problems: string[]; output: string }> {
  const result = await runCommand(program, args, {
    timeoutMs: 10 * minutes,
    ...(folder === undefined ? {} : { folder }),
  });
  if (result.exitCode === 0 && !result.timedOut) return { problems: [], output: result.output };
  const lines = result.output.split('\n').filter((line) => line.trim() !== '');
  return {
    problems: [...lines.slice(-80), result.timedOut ? 'timed out' : `exit code ${result.exitCode}`],
    output: result.output,
  };
}

async function buildEditor(): Promise<{ problems: string[]; note?: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-editor-'));
  try {
    const args = ['node_modules/vite/bin/vite.js', 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'];
    const { problems, output } = await command(process.execPath, args, 'packages/editor');
    const size = /initial_js_kb_gz: (\d+)/.exec(output)?.[1];
    if (problems.length === 0 && size === undefined) return { problems: ['the build printed no bundle size'] };
    return size === undefined
      ? { problems }
      : { problems, note: `${size} kB of JavaScript before the first screen, gzipped` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the checks that are programs are given; their tests plant violations before the same arguments. */
export const programs = {
  types: ['tsc', '-p', 'tsconfig.json', '--noEmit', '--pretty', 'false'],
  lint: ['biome', 'ci', '--colors=off', '--error-on-warnings', '.'],
  unused: ['knip', '--no-progress'],
} as const;

function program([name, ...args]: readonly [string, ...string[]], folder?: string): Check['run'] {
  return () => command(name, args, folder);
}

/** In the order in which they run. */
export const checks: readonly Check[] = [
  { name: 'types', run: program(programs.types) },
  { name: 'types-editor', run: program(programs.types, 'packages/editor') },
  { name: 'lint', run: program(programs.lint) },
  { name: 'catalogues', run: async () => ({ problems: checkCatalogues(repositoryRoot) }) },
  { name: 'boundaries', run: async () => ({ problems: checkBoundaries(repositoryRoot) }) },
  // These two are loaded here alone: the parser and what publishes flows take their time, which the other checks need not wait for.
  { name: 'purity', run: async () => ({ problems: (await import('./purity.ts')).checkPurity(repositoryRoot) }) },
  { name: 'flows', run: async () => (await import('./flows.ts')).checkFlows(join(repositoryRoot, 'workflows')) },
  { name: 'references', run: async () => ({ problems: checkReferences(repositoryRoot) }) },
  { name: 'licences', run: async () => ({ problems: checkLicences(repositoryRoot) }) },
  {
    name: 'lockfile',
    run: async () => ({ problems: downloadAddresses(readFileSync(join(repositoryRoot, 'pnpm-lock.yaml'), 'utf8')) }),
  },
  { name: 'unused', run: program(programs.unused) },
  { name: 'editor-build', run: buildEditor },
];

/** Runs the checks (those named, or all) one after another, and prints a line for each. */
export async function runChecks(only: readonly string[] = []): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    if (only.length > 0 && !only.includes(check.name)) continue;
    const startedAt = performance.now();
    const found = await check.run().catch((error: unknown) => ({
      problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    }));
    const result = {
      name: check.name,
      problems: found.problems,
      seconds: (performance.now() - startedAt) / 1_000,
      note: 'note' in found ? (found.note ?? '') : '',
    };
    results.push(result);
    const mark = result.problems.length === 0 ? '✓' : '✗';
    console.log(
      `${mark} ${result.name.padEnd(14)}${result.seconds.toFixed(1).padStart(7)} s  ${result.note}`.trimEnd(),
    );
    for (const problem of result.problems) console.log(`    ${problem}`);
  }
  return results;
}
