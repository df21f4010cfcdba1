import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { boundaryViolations, floorsOfPackages, importCycles, roomOf } from './boundary-rules.ts';
import { floorViolations } from './floor-rules.ts';
import { scanImports } from './scan-imports.ts';
import type { SourceModule } from './source-modules.ts';

const skipped: ReadonlySet<string> = new Set(['node_modules', 'dist', '.git', '.signalbox', 'coverage']);

/** Reads every TypeScript source of the rooms under `root`. */
export function readSources(root: string): SourceModule[] {
  const modules: SourceModule[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) visit(path);
      } else if (/\.tsx?$/.test(entry.name) && roomOf(path) !== null) {
        modules.push({ path, imports: scanImports(readFileSync(join(root, path), 'utf8')) });
      }
    }
  };
  visit('');
  return modules.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What is wrong with the imports under `root`, a line each; empty where nothing is. */
export function checkBoundaries(root: string): string[] {
  const modules = readSources(root);
  if (modules.length === 0) return [`no sources under ${root}`];
  const floors = Object.entries(floorsOfPackages).flatMap(([source, each]) => floorViolations(modules, source, each));
  return [
    ...[...boundaryViolations(modules), ...floors].map(
      (violation) => `${violation.path}:${violation.line} ${violation.message}`,
    ),
    ...importCycles(modules).map((cycle) => `import cycle: ${cycle.join(' → ')}`),
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = checkBoundaries(resolve(import.meta.dirname, '..'));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
