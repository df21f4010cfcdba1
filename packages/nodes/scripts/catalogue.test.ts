import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const copies: string[] = [];

afterEach(() => {
  for (const copy of copies.splice(0)) rmSync(copy, { recursive: true, force: true });
});

function run(folder: string, ...options: string[]): { readonly ok: boolean; readonly errors: string } {
  try {
    execFileSync(process.execPath, [join(folder, 'scripts/catalogue.ts'), ...options], { stdio: 'pipe' });
    return { ok: true, errors: '' };
  } catch (error) {
    const errors = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    return { ok: false, errors };
  }
}

it('the checked-in catalogue is what the folder gives', () => {
  expect(run(packageFolder, '--check')).toEqual({ ok: true, errors: '' });
});

it('a new node file is noticed, and one run adds it', () => {
  const copy = mkdtempSync(join(tmpdir(), 'signalbox-catalogue-'));
  copies.push(copy);
  cpSync(join(packageFolder, 'scripts'), join(copy, 'scripts'), { recursive: true });
  cpSync(join(packageFolder, 'src/library'), join(copy, 'src/library'), { recursive: true });
  writeFileSync(join(copy, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(copy, 'src/library/logic/roll-dice.ts'), 'export const rollDice = {};');

  const checked = run(copy, '--check');
  expect(checked.ok).toBe(false);
  expect(checked.errors).toContain('The catalogue of nodes differs from the node folder');
  expect(run(copy).ok).toBe(true);
  expect(run(copy, '--check').ok).toBe(true);
  expect(readFileSync(join(copy, 'src/library/catalogue.gen.ts'), 'utf8')).toContain(
    "import { rollDice } from './logic/roll-dice.ts';",
  );
});
