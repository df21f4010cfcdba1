import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { maskLiterals } from './scan-imports.ts';

/**
 * What a node, a gate rule and everything they are made of may not reach: clocks, randomness, the network, timers, the process. Imports are
 * the boundary check's; these are globals. `new Date(x)` of a value is no clock.
 */
const impure: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bDate\s*\.\s*now\b/g, 'Date.now'],
  [/\bnew\s+Date\s*\(\s*\)/g, 'new Date()'],
  [/(?<!\bnew\s)(?<![\w$.])Date\s*\(/g, 'Date()'],
  [/\bMath\s*\.\s*random\b/g, 'Math.random'],
  [/(?<![\w$.])fetch\s*\(/g, 'fetch'],
  [/(?<![\w$.])(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, 'a timer'],
  [/(?<![\w$.])(?:crypto|performance|process|globalThis)\b\s*[.[]/g, 'a global of the process'],
];

const library = 'packages/nodes/src';

/** The impure globals that a source uses, a line each. */
export function impurities(path: string, source: string): string[] {
  const { masked } = maskLiterals(source);
  return impure.flatMap(([shape, name]) =>
    [...masked.matchAll(shape)].map(
      ({ index }) =>
        `${path}:${masked.slice(0, index).split('\n').length} uses ${name}; time and randomness are handed in`,
    ),
  );
}

/** Every use in the library under `root`, but in its tests. */
export function checkPurity(root: string): string[] {
  const files = readdirSync(join(root, library), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  if (files.length === 0) return [`no sources under ${library}`];
  return files.sort().flatMap((path) => impurities(path, readFileSync(join(root, path), 'utf8')));
}
