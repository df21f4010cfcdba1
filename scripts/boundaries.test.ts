import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { checkBoundaries, readSources } from './boundaries.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A small tree that keeps every rule, with `planted` files on top. */
function tree(planted: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-boundaries-'));
  folders.push(root);
  const files = {
    'packages/nodes/src/flow/builder.ts': "import { z } from 'zod';\nexport const flow = z;",
    'packages/nodes/src/library/end/end.ts': "import { flow } from '../../flow/builder.ts';\nexport const end = flow;",
    'packages/statistics/src/verdict/verdict.ts': 'export const verdict = 1;',
    'packages/engine/src/api/contract.ts': 'export type Problem = { code: string };',
    'packages/engine/src/activities/steps.ts':
      "import { flow } from '@signalbox/nodes/flow/builder';\nexport const act = flow;",
    'packages/engine/src/cohorts/run-contract.ts': 'export const queue = 1;',
    'packages/engine/src/workflows/steps.ts':
      "import { sleep } from '@temporalio/workflow';\nimport type { act } from '../activities/steps.ts';\nimport { queue } from '../cohorts/run-contract.ts';\nexport const run = [sleep, queue];",
    'packages/editor/src/app.ts':
      "import type { Problem } from '@signalbox/engine/http/contract';\nimport { end } from '@signalbox/nodes/library/end/end';\nexport const app = end;",
    'packages/demo-carrier/src/server.ts': "import { Hono } from 'hono';\nexport const carrier = new Hono();",
    'workflows/hello.flow.ts': "import { flow } from '@signalbox/nodes/flow/builder';\nexport const hello = flow;",
    'workflows/back.workflow.ts': "import { run } from '@signalbox/engine/workflows/steps';\nexport const back = run;",
    'test/a.test.ts':
      "import { act } from '@signalbox/engine/activities/steps';\nimport { carrier } from '@signalbox/demo-carrier/server';\n[act, carrier];",
    ...planted,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

test('the tree that keeps every rule is clean', () => {
  expect(checkBoundaries(tree({}))).toEqual([]);
});

const planted: ReadonlyArray<readonly [string, string, string, string]> = [
  [
    'the library imports the engine',
    'packages/nodes/src/flow/bad.ts',
    "import { act } from '@signalbox/engine/activities/steps';",
    'nodes must not import engine',
  ],
  [
    'statistics import the library',
    'packages/statistics/src/checks/bad.ts',
    "import { flow } from '@signalbox/nodes/flow/builder';",
    'statistics must not import nodes',
  ],
  [
    'statistics import a package',
    'packages/statistics/src/checks/bad.ts',
    "import { z } from 'zod';",
    'statistics import nothing from outside',
  ],
  [
    'statistics import what they are compared with',
    'packages/statistics/src/checks/bad.ts',
    "import { readGrid } from '../../oracles/read-grid.ts';",
    'statistics must not import what they are compared with',
  ],
  [
    'a check imports the verdict',
    'packages/statistics/src/checks/bad.ts',
    "import '../verdict/verdict.ts';",
    'checks must not import verdict',
  ],
  [
    'the library imports statistics',
    'packages/nodes/src/flow/bad.ts',
    "import '@signalbox/statistics/verdict/verdict';",
    'nodes must not import statistics',
  ],
  [
    'the library imports a Node built-in',
    'packages/nodes/src/flow/bad.ts',
    "import { join } from 'node:path';",
    'the library imports node:path',
  ],
  [
    'the library imports React',
    'packages/nodes/src/flow/bad.ts',
    "import { useState } from 'react';",
    'the library imports react',
  ],
  [
    'the library imports Temporal',
    'packages/nodes/src/flow/bad.ts',
    "import { sleep } from '@temporalio/workflow';",
    'the library imports @temporalio/workflow',
  ],
  ['the library imports SQL', 'packages/nodes/src/library/end/bad.ts', "export * from 'pg';", 'the library imports pg'],
  [
    'the editor takes a value of the engine',
    'packages/editor/src/bad.ts',
    "import { act } from '@signalbox/engine/activities/steps';",
    'types of engine alone',
  ],
  [
    'the editor takes types in a way that stays',
    'packages/editor/src/bad.tsx',
    "import { type Problem } from '@signalbox/engine/http/contract';",
    'needs `import type`',
  ],
  [
    'the carrier knows the engine',
    'packages/demo-carrier/src/bad.ts',
    "import type { Problem } from '@signalbox/engine/http/contract';",
    'demo-carrier must not import engine',
  ],
  [
    'the launcher reaches into the engine',
    'packages/launcher/src/bad.ts',
    "import { openDb } from '@signalbox/engine/db/database';",
    'its protocol, folders and settings alone',
  ],
  [
    'the engine imports the launcher',
    'packages/engine/src/api/bad.ts',
    "import { startPostgres } from '@signalbox/launcher/postgres';",
    'engine must not import launcher',
  ],
  [
    'the engine imports the editor by path',
    'packages/engine/src/api/bad.ts',
    "import { app } from '../../../editor/src/app.ts';",
    'engine must not import editor',
  ],
  [
    'something imports a test',
    'packages/engine/src/api/bad.ts',
    "import '../../../../test/a.test.ts';",
    'engine must not import test',
  ],
  [
    'something imports the bench',
    'test/bad.ts',
    "import { measure } from '../bench/measure.ts';",
    'test must not import bench',
  ],
  [
    'workflow code imports zod',
    'packages/engine/src/workflows/bad.ts',
    "import { z } from 'zod';",
    'workflow code may import ./',
  ],
  [
    'workflow code imports an activity',
    'packages/engine/src/workflows/bad.ts',
    "import { act } from '../activities/steps.ts';",
    'workflow code may import ./',
  ],
  [
    'a workflow file imports the builder',
    'workflows/bad.workflow.ts',
    "import { flow } from '@signalbox/nodes/flow/builder';",
    'the step functions and @temporalio/workflow alone',
  ],
  [
    'a workflow file imports zod',
    'workflows/bad.workflow.ts',
    "const z = await import('zod');",
    'the step functions and @temporalio/workflow alone',
  ],
  [
    'a workflow file imports the database',
    'workflows/bad.workflow.ts',
    "import { act } from '@signalbox/engine/activities/steps';",
    'the step functions and @temporalio/workflow alone',
  ],
  [
    'a drawn flow imports step functions',
    'workflows/bad.flow.ts',
    "import { run } from '@signalbox/engine/workflows/steps';",
    'name the file *.workflow.ts',
  ],
  [
    'the model of a flow imports React',
    'packages/editor/src/flow-model/bad.ts',
    "import { useState } from 'react';",
    'the model of a flow knows no React',
  ],
  [
    'a room of the editor imports a screen above it, a type alone',
    'packages/editor/src/canvas/bad.ts',
    "import type { Panel } from '../flow/panel.ts';",
    'canvas must not import flow, which lies above it',
  ],
  [
    'a screen of the editor imports another',
    'packages/editor/src/contacts/bad.ts',
    "import '../flow/panel.ts';",
    'contacts must not import flow, which lies beside it',
  ],
  [
    'a room of the library imports one above it, a type alone',
    'packages/nodes/src/define/bad.ts',
    "import type { flow } from '../flow/builder.ts';",
    'define must not import flow, which lies above it',
  ],
  [
    'a room of the library imports the room beside it',
    'packages/nodes/src/gate/bad.ts',
    "import { flow } from '../flow/builder.ts';",
    'gate must not import flow, which lies beside it',
  ],
  [
    'a lower room of the library reads the nodes',
    'packages/nodes/src/templates/bad.ts',
    "import { end } from '../library/end/end.ts';",
    'templates must not import library, which lies above it',
  ],
  [
    'a room of the library stands on no floor',
    'packages/nodes/src/cellar/bad.ts',
    "import { flow } from '../flow/builder.ts';",
    'cellar stands on no floor of packages/nodes/src',
  ],
  [
    'a room of the engine imports one above it, a type alone',
    'packages/engine/src/runtime/bad.ts',
    "import type { queue } from '../cohorts/run-contract.ts';",
    'runtime must not import cohorts, which lies above it',
  ],
  [
    'a room of the engine imports the room beside it',
    'packages/engine/src/inbound/bad.ts',
    "import type { Draft } from '../flows/contract.ts';",
    'inbound must not import flows, which lies beside it',
  ],
  [
    'a room of the engine stands on no floor',
    'packages/engine/src/cellar/bad.ts',
    "import { queue } from '../cohorts/run-contract.ts';",
    'cellar stands on no floor of packages/engine/src',
  ],
  [
    'a route opens a transaction of its own',
    'packages/engine/src/contacts/routes-bad.ts',
    "import { inWorkspace } from '../db/database.ts';",
    'routes read through reading() and change through effect()',
  ],
  [
    'modules import each other',
    'packages/engine/src/api/one.ts',
    "import './two.ts';",
    'import cycle: packages/engine/src/api/one.ts → packages/engine/src/api/two.ts',
  ],
];

for (const [name, path, source, message] of planted) {
  test(`is red where ${name}`, () => {
    const problems = checkBoundaries(
      tree({
        [path]: source,
        'packages/engine/src/api/two.ts': "import './one.ts';",
        'bench/measure.ts': 'export const measure = 1;',
        ...(path.endsWith('one.ts') ? {} : { 'packages/engine/src/api/two.ts': '' }),
      }),
    );
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(path);
    expect(problems[0]).toContain(message);
  });
}

test.each([
  'packages/statistics/src/numeric',
  'packages/nodes/src/define',
  'packages/engine/src/runtime',
  'packages/editor/src/lib',
  'packages/launcher/src',
  'packages/demo-carrier/src',
  'test',
  'scripts',
])('files of a room may not point in a circle either, also where types alone close it: %s', (folder) => {
  const files = { [`${folder}/a.ts`]: "import type { B } from './b.ts';", [`${folder}/b.ts`]: "import './a.ts';" };
  expect(checkBoundaries(tree(files))).toEqual([`import cycle: ${folder}/a.ts → ${folder}/b.ts → ${folder}/a.ts`]);
});

test('a longer circle is named whole, and those who merely lead to it are not', () => {
  const folder = 'packages/nodes/src/define';
  expect(
    checkBoundaries(
      tree({
        [`${folder}/a.ts`]: "import { c } from './c.ts';",
        [`${folder}/b.ts`]: "import { a } from './d.ts';",
        [`${folder}/c.ts`]: "export type { B } from './b.ts';",
        [`${folder}/d.ts`]: "import type { C } from './c.ts';",
      }),
    ),
  ).toEqual([`import cycle: ${folder}/c.ts → ${folder}/b.ts → ${folder}/d.ts → ${folder}/c.ts`]);
});

test('an empty folder is not clean, it is wrong', () => {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-boundaries-'));
  folders.push(root);
  expect(checkBoundaries(root)).toHaveLength(1);
});

test('the repository keeps its walls, and every room was read', () => {
  const root = resolve(import.meta.dirname, '..');
  expect(checkBoundaries(root)).toEqual([]);
  const rooms = new Set(
    readSources(root).map((module) =>
      module.path
        .split('/')
        .slice(0, module.path.startsWith('packages/') ? 2 : 1)
        .join('/'),
    ),
  );
  expect([...rooms]).toEqual(
    expect.arrayContaining([
      'packages/statistics',
      'packages/nodes',
      'packages/engine',
      'packages/launcher',
      'packages/demo-carrier',
      'packages/editor',
      'workflows',
      'test',
      'scripts',
    ]),
  );
});
