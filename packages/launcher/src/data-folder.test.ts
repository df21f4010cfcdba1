import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataFolder } from './data-folder.ts';
import { processIdentity } from './process-identity.ts';

let path = '';
const startedAt = new Date('2026-01-05T09:00:00Z');
const log = () => undefined;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'signalbox-data-'));
});
afterEach(() => {
  rmSync(path, { recursive: true, force: true });
});

async function sleeper() {
  const child = spawn('sleep', ['60'], { stdio: 'ignore', detached: true });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  return { child, pid, identity: processIdentity(pid) ?? '' };
}

test('a second start learns who holds the folder and on which port; a release frees it', async () => {
  const first = await openDataFolder({ path, startedAt, log });
  if (first.kind !== 'opened') throw new Error('not opened');
  first.folder.announce({ port: 4600, control: '/run/control.sock' });
  const second = await openDataFolder({ path, startedAt, log });
  expect(second).toMatchObject({
    kind: 'held',
    holder: { pid: process.pid, port: 4600, control: '/run/control.sock', startedAt: '2026-01-05T09:00:00.000Z' },
  });
  first.folder.release();
  expect((await openDataFolder({ path, startedAt, log })).kind).toBe('opened');
});

test.each([
  ['a dead holder', { pid: 2 ** 22 + 1, identity: 'gone', startedAt: '' }],
  ['a living process that is not the holder', { pid: process.pid, identity: 'another start', startedAt: '' }],
])('the lock of %s is taken over', async (_name, holder) => {
  writeFileSync(join(path, 'lock.json'), JSON.stringify(holder));
  expect((await openDataFolder({ path, startedAt, log })).kind).toBe('opened');
});

test('a torn lock file is taken over', async () => {
  writeFileSync(join(path, 'lock.json'), '{"pid": 1');
  expect((await openDataFolder({ path, startedAt, log })).kind).toBe('opened');
});

test('recorded children of a killed start are ended; a stranger with a recorded process id is spared', async () => {
  const ours = await sleeper();
  const stranger = await sleeper();
  writeFileSync(
    join(path, 'children.json'),
    JSON.stringify([
      { name: 'engine', pid: ours.pid, identity: ours.identity },
      { name: 'demo carrier', pid: stranger.pid, identity: `${stranger.identity}0` },
    ]),
  );
  const lines: string[] = [];
  await openDataFolder({ path, startedAt, log: (line) => lines.push(line) });
  expect(processIdentity(ours.pid)).toBeUndefined();
  expect(processIdentity(stranger.pid)).toBe(stranger.identity);
  expect(lines).toEqual([`Ended engine (process ${ours.pid}), left from an earlier start.`]);
  expect(existsSync(join(path, 'children.json'))).toBe(false);
  stranger.child.kill('SIGKILL');
});

test('children are written down as they start and struck out as they end', async () => {
  const opened = await openDataFolder({ path, startedAt, log });
  if (opened.kind !== 'opened') throw new Error('not opened');
  opened.folder.children.add({ name: 'engine', pid: 7, identity: 'x' });
  opened.folder.children.add({ name: 'demo carrier', pid: 8, identity: 'y' });
  opened.folder.children.remove(7);
  expect(JSON.parse(readFileSync(join(path, 'children.json'), 'utf8'))).toEqual([
    { name: 'demo carrier', pid: 8, identity: 'y' },
  ]);
});

test('a folder that cannot be written is named, with what to do', async () => {
  const file = join(path, 'occupied');
  writeFileSync(file, '');
  await expect(openDataFolder({ path: join(file, 'data'), startedAt, log })).rejects.toMatchObject({
    code: 'data_folder_read_only',
    remedy: expect.stringContaining('SIGNALBOX_DATA='),
  });
  if (process.getuid?.() !== 0) {
    chmodSync(path, 0o500);
    await expect(openDataFolder({ path, startedAt, log })).rejects.toMatchObject({ code: 'data_folder_read_only' });
    chmodSync(path, 0o700);
  }
});
