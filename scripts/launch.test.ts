import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseNode, pinnedMajor, refusePlatform } from './platform.mjs';
import { repositoryRoot } from './run-command.ts';

describe('which machines are refused', () => {
  test.each([
    [{ platform: 'win32', arch: 'x64', musl: false }, /WSL2/],
    [{ platform: 'linux', arch: 'x64', musl: true }, /glibc/],
    [{ platform: 'linux', arch: 'riscv64', musl: false }, /x64 or arm64/],
    [{ platform: 'freebsd', arch: 'x64', musl: false }, /Linux/],
  ])('%o, with what to use instead', (facts, remedy) => {
    expect(refusePlatform(facts)?.remedy).toMatch(remedy);
  });

  test.each(['linux', 'darwin'])('%s on x64 and arm64 is not', (platform) => {
    for (const arch of ['x64', 'arm64']) expect(refusePlatform({ platform, arch, musl: false })).toBeNull();
  });
});

describe('which Node runs a script', () => {
  test('the pinned one, unless this is it', () => {
    expect(chooseNode({ version: '24.1.0', pinned: '/pinned' })).toEqual({ run: 'here' });
    expect(chooseNode({ version: '20.20.2', pinned: '/pinned' })).toEqual({ run: '/pinned' });
    expect(chooseNode({ version: '26.0.0', pinned: '/pinned' })).toEqual({ run: '/pinned' });
  });

  test('without it a newer one will do, an older one says what to do', () => {
    expect(chooseNode({ version: '26.0.0', pinned: null })).toEqual({ run: 'here' });
    expect(chooseNode({ version: '20.20.2', pinned: null })).toMatchObject({
      problem: expect.stringContaining('20.20'),
    });
  });
});

/** The Node of the machine, not the pinned one: on PATH outside node_modules. */
function machineNode(): string {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, 'node');
    try {
      accessSync(path, constants.X_OK);
      if (!realpathSync(path).includes('node_modules')) return path;
    } catch {
      // Not here.
    }
  }
  return process.execPath;
}

describe.each([
  ['the Node of the machine', machineNode()],
  ['the pinned Node', process.execPath],
])('launch.mjs on %s', (_name, node) => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-launch-'));
    writeFileSync(
      join(folder, 'script.ts'),
      `const seen: readonly string[] = process.argv.slice(1);
       console.log(JSON.stringify({ seen, major: process.versions.node.split('.')[0] }));
       process.exitCode = Number(seen[1]);`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const launch = (args: readonly string[], preload = '') =>
    new Promise<{ code: number | null; stdout: string; stderr: string }>((done) => {
      const options = preload === '' ? [] : ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
      const child = execFile(
        node,
        [...options, join(repositoryRoot, 'scripts/launch.mjs'), ...args],
        { cwd: folder, env: { PATH: process.env.PATH } },
        (_error, stdout, stderr) => done({ code: child.exitCode, stdout, stderr }),
      );
    });

  test('runs TypeScript on the pinned one, with its arguments, and ends as it does', async () => {
    const script = join(folder, 'script.ts');
    const { code, stdout, stderr } = await launch([script, '7', '--flag']);
    expect([code, stderr]).toEqual([7, '']);
    expect(JSON.parse(stdout)).toEqual({ seen: [script, '7', '--flag'], major: String(pinnedMajor) });
  });

  test.each([
    ['Windows', "Object.defineProperty(process, 'platform', { value: 'win32' })", 'WSL2'],
    ['musl', 'process.report.getReport = () => ({ header: {} })', 'glibc'],
    ['another processor', "Object.defineProperty(process, 'arch', { value: 's390x' })", 'x64 or arm64'],
  ])('on %s it says so and runs nothing', async (_system, pretend, remedy) => {
    const { code, stdout, stderr } = await launch([join(folder, 'script.ts'), '0'], pretend);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('Signalbox cannot run here.');
    expect(stderr).toContain(remedy);
  });
});
