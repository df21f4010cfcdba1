import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { armingFiles, engineReads, environmentReads } from './environment.ts';

const root = resolve(import.meta.dirname, '..');

test('the engine reads its environment as settings and nowhere else: no crash point can be armed from outside', () => {
  expect(engineReads(root)).toEqual([
    { path: 'main/engine-process.ts', text: 'readSettings(process.env)' },
    { path: 'main/rewrap-secrets.ts', text: 'secretSettings(process.env)' },
    { path: 'main/running-file.ts', text: 'process.env.SIGNALBOX_DATA' },
    {
      path: 'main/where-it-runs.ts',
      text: '{ DATABASE_URL, DATABASE_ROUTER_URL, PUBLIC_URL, HOST, PORT } = process.env',
    },
  ]);
});

test('what ends a process at a crash point is named where it stands, and by tests', () => {
  expect(armingFiles(root)).toEqual(['packages/engine/src/runtime/fail-points.ts']);
});

test.each([
  ['if (process.env.FAIL_POINT) arm();', 'process.env.FAIL_POINT'],
  ["if (process.env['FAIL_POINT']) arm();", "process.env['FAIL_POINT']"],
  ["if (process['env'].FAIL_POINT) arm();", "process['env'].FAIL_POINT"],
  ['if (process?.env?.FAIL_POINT) arm();', 'process?.env?.FAIL_POINT'],
  ['const { FAIL_POINT } = process.env;', '{ FAIL_POINT } = process.env'],
  ['const { env } = process;', '{ env } = process'],
  ['const world = process;', 'world = process'],
  ['arm(process.env);', 'arm(process.env)'],
  ['arm(process[name]);', 'arm(process[name])'],
  ['arm(globalThis.process.env);', 'globalThis.process.env'],
  ["arm(global['process'].env);", "global['process'].env"],
  ["import { env } from 'node:process';", "import { env } from 'node:process';"],
  ["import world from 'process';", "import world from 'process';"],
  ["export { env } from 'node:process';", "export { env } from 'node:process';"],
  ["arm((await import('node:process')).env);", "import('node:process')"],
])('%s is seen', (source, text) => {
  expect(environmentReads('planted.ts', source)).toEqual([{ path: 'planted.ts', text }]);
});

test.each([
  'process.exitCode = 1;',
  "process.on('SIGTERM', () => process.kill(process.pid));",
  'const run = (process: Started) => process.env;',
  "const text = 'process.env.FAIL_POINT';",
  '// process.env.FAIL_POINT is read nowhere',
  'globalThis.setTimeout(run, 1);',
])('%s is none', (source) => {
  expect(environmentReads('planted.ts', source)).toEqual([]);
});
