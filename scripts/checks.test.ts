import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { programs } from './checks.ts';
import { type CommandResult, repositoryRoot, runCommand } from './run-command.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-checks-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Runs a program as a check does, in another folder. */
function run([name, ...args]: readonly [string, ...string[]], folder: string): Promise<CommandResult> {
  return runCommand(name, args, { timeoutMs: 120_000, folder: relative(repositoryRoot, folder) });
}

const notOurs = new Set(['node_modules', '.git', '.signalbox', 'dist', 'coverage']);

/** The repository's own files, by path. */
function ownFiles(folder = '.'): string[] {
  return readdirSync(join(repositoryRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    if (notOurs.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? ownFiles(path) : [path];
  });
}

describe('types', () => {
  const violations: ReadonlyArray<readonly [string, string, string]> = [
    ['an implicit any', 'export const planted = (value) => value;', 'TS7006'],
    ['an unchecked index', "export const planted: string = ['a'].slice(1)[0];", 'TS2322'],
    ['an optional property set to undefined', 'export const planted: { a?: string } = { a: undefined };', 'TS2375'],
    ['syntax that Node cannot erase', 'export enum Planted { A }', 'TS1294'],
    [
      'a type that is imported as a value',
      "import { Planted } from './clean.ts';\nexport const planted: Planted = 'a';",
      'TS1484',
    ],
    ['a way out without a return', 'export function planted(a: boolean) {\n  if (a) return 1;\n}', 'TS7030'],
  ];

  test.each(['tsconfig.json', 'packages/editor/tsconfig.json'])('%s refuses what is planted', async (config) => {
    const folder = folderWith({
      'tsconfig.json': JSON.stringify({
        extends: join(repositoryRoot, config),
        compilerOptions: { types: [] },
        include: ['*.ts'],
        exclude: [],
      }),
      'clean.ts': "export type Planted = 'a';",
    });
    expect(await run(programs.types, folder)).toMatchObject({ exitCode: 0, output: '' });
    for (const [index, [, text]] of violations.entries()) writeFileSync(join(folder, `planted-${index}.ts`), text);
    const { exitCode, output } = await run(programs.types, folder);
    expect(exitCode).not.toBe(0);
    for (const [index, [what, , code]] of violations.entries())
      expect([what, output]).toEqual([what, expect.stringMatching(new RegExp(`planted-${index}\\.ts.*${code}`))]);
  });

  test('every source file is looked at', () => {
    const [name, ...args] = programs.types;
    const listed = ['', 'packages/editor'].flatMap((folder) =>
      execFileSync(join(repositoryRoot, 'node_modules/.bin', name), [...args, '--listFilesOnly'], {
        cwd: join(repositoryRoot, folder),
        encoding: 'utf8',
        maxBuffer: 16_000_000,
      })
        .split('\n')
        .map((path) => relative(repositoryRoot, path.trim())),
    );
    const seen = new Set(listed);
    expect(ownFiles().filter((path) => /\.tsx?$/.test(path) && !seen.has(path))).toEqual([]);
  });
});

describe('lint', () => {
  const config = readFileSync(join(repositoryRoot, 'biome.json'), 'utf8').replace(
    /"vcs": \{[^}]*\}/,
    '"vcs": { "enabled": false }',
  );
  const violations: ReadonlyArray<readonly [string, string, string]> = [
    ['any', 'export const planted = (value: any): unknown => value;\n', 'noExplicitAny'],
    ['a non-null assertion', "export const planted = 'a'.at(0)!;\n", 'noNonNullAssertion'],
    ['a default export', 'export default 1;\n', 'noDefaultExport'],
    ['an unused import', "import { join } from 'node:path';\n\nexport const planted = 1;\n", 'noUnusedImports'],
    [
      'a type imported as a value',
      "import { Stats } from 'node:fs';\n\nexport type Planted = Stats;\n",
      'useImportType',
    ],
    ['a built-in without its protocol', "export { join } from 'path';\n", 'useNodejsImportProtocol'],
    [
      'a function of more than 150 lines',
      `export function planted(take: (line: number) => void): void {\n${'  take(1);\n'.repeat(151)}}\n`,
      'noExcessiveLinesPerFunction',
    ],
    ['another format', 'export const planted = "a"\n', 'format'],
    ['a mere warning', "export const planted = '$\u007ba}';\n", 'noTemplateCurlyInString'],
  ];

  test('nothing is found in a clean file', async () => {
    const folder = folderWith({ 'biome.json': config, 'clean.ts': "export const clean = 'a';\n" });
    expect(await run(programs.lint, folder)).toMatchObject({ exitCode: 0 });
  });

  test.each(violations)('is red for %s', async (_what, text, rule) => {
    const { exitCode, output } = await run(programs.lint, folderWith({ 'biome.json': config, 'planted.ts': text }));
    expect(exitCode).not.toBe(0);
    expect(output).toContain(rule);
  });
});

/** A copy of the repository's files in which its packages find each other, and all else where it is installed. */
function copyOfRepository(): string {
  const folder = folderWith({});
  for (const path of ownFiles()) {
    if (path.startsWith('test/replay/histories/')) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(repositoryRoot, path), join(folder, path));
  }
  const packages = readdirSync(join(repositoryRoot, 'packages'));
  for (const workspace of ['.', 'workflows', ...packages.map((name) => `packages/${name}`)]) {
    const installed = join(repositoryRoot, workspace, 'node_modules');
    if (!existsSync(installed)) continue;
    const links = join(folder, workspace, 'node_modules');
    mkdirSync(links, { recursive: true });
    for (const name of readdirSync(installed)) {
      if (name !== '@signalbox') symlinkSync(join(installed, name), join(links, name));
      else
        for (const inner of readdirSync(join(installed, name))) {
          mkdirSync(join(links, name), { recursive: true });
          symlinkSync(join(folder, 'packages', inner), join(links, name, inner));
        }
    }
  }
  return folder;
}

test('unused: files and exports that nothing uses are found in every room of a copy of the repository', async () => {
  const folder = copyOfRepository();
  expect(await run(programs.unused, folder)).toMatchObject({ exitCode: 0, output: '' });
  const files = [
    'packages/statistics/src/checks',
    'packages/engine/src/runtime',
    'packages/nodes/src/text',
    'packages/demo-carrier/src',
    'test/support',
  ];
  for (const path of [...files, 'packages/editor/src/lib'])
    writeFileSync(join(folder, path, 'planted-file.ts'), 'export const planted = 1;\n');
  const used = [
    'packages/statistics/src/checks/holm.ts',
    'packages/engine/src/runtime/hash.ts',
    'packages/editor/src/lib/cn.ts',
    'test/support/let-in.ts',
  ];
  for (const path of used)
    writeFileSync(join(folder, path), `${readFileSync(join(folder, path), 'utf8')}\nexport const plantedExport = 1;\n`);
  const { exitCode, output } = await run(programs.unused, folder);
  expect(exitCode).not.toBe(0);
  for (const path of files) expect(output).toContain(`${path}/planted-file.ts`);
  expect(output).toContain('packages/editor/src/lib/planted-file.ts');
  for (const path of used) expect(output).toMatch(new RegExp(`plantedExport.*${path.replaceAll('.', '\\.')}`));
}, 120_000);

describe('the size of the editor', () => {
  const build = (main: string): Promise<CommandResult> => {
    const editor = join(repositoryRoot, 'packages/editor');
    const folder = folderWith({
      'index.html': '<!doctype html><script type="module" src="./main.ts"></script>',
      'main.ts': main,
    });
    const config = join(folder, 'vite.config.ts');
    writeFileSync(
      config,
      `import base from ${JSON.stringify(join(editor, 'vite.config.ts'))};\nexport default { ...base, root: ${JSON.stringify(folder)} };\n`,
    );
    const args = ['node_modules/vite/bin/vite.js', 'build', '--configLoader', 'native', '--config', config];
    return runCommand(process.execPath, args, { timeoutMs: 60_000, folder: 'packages/editor' });
  };

  test('is printed, and a first screen over the budget fails the build', async () => {
    const small = await build("document.title = 'small';");
    expect([small.exitCode, small.output]).toEqual([0, expect.stringMatching(/initial_js_kb_gz: \d\b/)]);
    const text = randomBytes(400_000).toString('base64');
    const large = await build(`document.title = ${JSON.stringify(text)};`);
    expect(large.exitCode).not.toBe(0);
    expect(large.output).toMatch(/The initial bundle is \d+ kB gzipped, over the budget of \d+ kB/);
  });
});
