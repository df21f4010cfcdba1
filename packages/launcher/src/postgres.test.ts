import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startPostgres } from './postgres.ts';
import { processIdentity } from './process-identity.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-pg-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

describe('startPostgres', { timeout: 60_000 }, () => {
  test('keeps its data and password over a stop and a start, on loopback alone, in UTF-8', async () => {
    const dataDir = join(folder, 'postgres');
    const first = await startPostgres({ dataDir, fast: true });
    await query(first.ownerUrl, `CREATE TABLE kept AS SELECT 'Łódź 👋' AS text`);
    expect(statSync(join(folder, 'postgres.password')).mode & 0o777).toBe(0o600);
    await first.stop();
    expect(processIdentity(first.pid)).toBeUndefined();

    const second = await startPostgres({ dataDir, fast: true });
    expect(await query(second.ownerUrl, 'SELECT text, upper(text) AS upper FROM kept')).toEqual([
      { text: 'Łódź 👋', upper: 'ŁÓDŹ 👋' },
    ]);
    const settings = await query(
      second.ownerUrl,
      `SELECT name, setting FROM pg_settings WHERE name IN ('listen_addresses', 'TimeZone', 'jit', 'server_encoding') ORDER BY lower(name)`,
    );
    expect(settings).toEqual([
      { name: 'jit', setting: 'off' },
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'server_encoding', setting: 'UTF8' },
      { name: 'TimeZone', setting: 'UTC' },
    ]);
    const wrong = new URL(second.ownerUrl);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    await second.stop();
  });

  test('commits are durable unless asked otherwise', async () => {
    const server = await startPostgres({ dataDir: join(folder, 'postgres') });
    const rows = await query(
      server.ownerUrl,
      `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name`,
    );
    await server.stop();
    expect(rows.map((row) => row.setting)).toEqual(['on', 'on', 'on']);
  });

  test('ends a server of the same folder that outlived its launcher', async () => {
    const dataDir = join(folder, 'postgres');
    const orphan = await startPostgres({ dataDir, fast: true });
    const lines: string[] = [];
    const next = await startPostgres({ dataDir, fast: true, log: (line) => lines.push(line) });
    expect(processIdentity(orphan.pid)).toBeUndefined();
    expect(lines).toContain(`Ending a PostgreSQL server (process ${orphan.pid}) left from an earlier start.`);
    expect(await query(next.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await next.stop();
  });

  test('recovers after the server itself was killed, and spares a stranger that has its old process id', async () => {
    const dataDir = join(folder, 'postgres');
    const first = await startPostgres({ dataDir });
    await query(first.ownerUrl, 'CREATE TABLE kept (x int)');
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    const pidFile = join(first.dataDir, 'postmaster.pid');
    expect(existsSync(pidFile)).toBe(true);
    const lines = readFileSync(pidFile, 'utf8').split('\n');
    writeFileSync(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'));
    const second = await startPostgres({ dataDir });
    expect(await query(second.ownerUrl, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 0 }]);
    await second.stop();
  });

  test('says so when the password of an existing database is gone', async () => {
    const dataDir = join(folder, 'postgres');
    await (await startPostgres({ dataDir, fast: true })).stop();
    rmSync(join(folder, 'postgres.password'));
    await expect(startPostgres({ dataDir, fast: true })).rejects.toMatchObject({ code: 'database_password_lost' });
  });

  test('works in a folder that no other user may enter: as root, by keeping the database elsewhere', async () => {
    const asRoot = process.getuid?.() === 0;
    chmodSync(folder, 0o700);
    const dataDir = join(folder, 'data', 'postgres');
    const lines: string[] = [];
    const server = await startPostgres({ dataDir, fast: true, log: (line) => lines.push(line) });
    expect(await query(server.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
    expect(lines.some((line) => line.includes('so the database lives in'))).toBe(asRoot);
    const again = await startPostgres({ dataDir, fast: true });
    expect(again.dataDir).toBe(server.dataDir);
    await again.stop();
    rmSync(join(server.dataDir, '..'), { recursive: true, force: true });
  });
});
