import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { bundleInputs } from '@signalbox/engine/main/workflow-bundle';
import { describe, expect, test } from 'vitest';
import { repositoryRoot } from '../../scripts/run-command.ts';
import { scanImports } from '../../scripts/scan-imports.ts';
import { resolveSpecifier } from '../../scripts/source-modules.ts';

describe('a bundle that is kept is made anew when something changes that is in it', () => {
  test('whatever the engine’s workflows import of the engine and the library', async () => {
    const inputs = new Set(await bundleInputs([]));
    const folder = 'packages/engine/src/workflows';
    const imported = readdirSync(join(repositoryRoot, folder)).flatMap((name) =>
      scanImports(readFileSync(join(repositoryRoot, folder, name), 'utf8'))
        .filter(({ typeOnly }) => !typeOnly)
        .map(({ specifier }) => resolveSpecifier(`${folder}/${name}`, specifier)),
    );
    const ours = imported.filter((path) => path !== null).map((path) => resolve(repositoryRoot, path));
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.filter((path) => !inputs.has(path))).toEqual([]);
    // What these import in turn: nothing that stays when types are stripped.
    const contract = join(repositoryRoot, 'packages/engine/src/cohorts/run-contract.ts');
    expect(inputs).toContain(contract);
    expect(scanImports(readFileSync(contract, 'utf8')).filter(({ typeOnly }) => !typeOnly)).toEqual([]);
  });

  test('what stands beside a file in its folder, installed packages aside', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-inputs-'));
    try {
      const files = ['a.workflow.ts', 'prices.ts', 'texts/hello.ts', 'node_modules/other/index.js'];
      for (const file of files) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), 'export const one = 1;\n');
      }
      const inputs = await bundleInputs([join(folder, 'a.workflow.ts')]);
      expect(inputs.filter((path) => path.startsWith(folder))).toEqual(
        files.slice(0, 3).map((file) => join(folder, file)),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
