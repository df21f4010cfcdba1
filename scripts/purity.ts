import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { maskLiterals } from './scan-imports.ts';

/**
 * What a node, a gate rule and everything they are made of may not reach: clocks, randomness, the network, timers, the process. Imports are
 * the boundary check's; these are globals. `new Date(x)` of a value is no clock.
 */
const impure: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bDate\s*\)?\s*\??\.\s*now\b/g, 'Date.now'],
  [/\bnew\s*\(?\s*Date\b\s*\)?\s*(?:\(\s*\)|(?![\s(]))/g, 'new Date()'],
  [/(?<!\bnew\s)(?<![\w$.])Date\s*\(/g, 'Date()'],
  [/\bMath\s*\??\.\s*random\b/g, 'Math.random'],
  [/(?<![\w$.])fetch\b(?!\s*:)/g, 'fetch'],
  [/\bDateTimeFormat\b[^;]*?\.\s*format(?:ToParts)?\s*\(\s*\)/g, 'the present moment'],
  [/\bAbortSignal\s*\.\s*timeout\b/g, 'a timer'],
  [/(?<![\w$.])(?:XMLHttpRequest|WebSocket|EventSource|navigator)\b/g, 'the network'],
  [/\bTemporal\s*\.\s*Now\b/g, 'Temporal.Now'],
  [/(?<![\w$.])(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, 'a timer'],
  [
    /(?<![\w$.])(?:crypto|performance|process)\b\s*(?:\?\.|[.[])|(?<![\w$.])global(?:This\b|\s*\??\.)/g,
    'a global of the process',
  ],
  // By another name, or by a name that is put together.
  [/=\s*(?:Date|Math|crypto|performance|process)\s*[;,\n)}]/g, 'a clock or a draw by another name'],
  [/(?<![\w$.])(?:Date|Math)\s*\[/g, 'a clock or a draw by another name'],
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
