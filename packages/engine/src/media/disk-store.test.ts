import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createDiskStore } from './disk-store.ts';
import { newFileKey } from './file-store.ts';

const workspace = '00000000-0000-7000-8000-000000000001';

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'media-'));
  onTestFinished(async () => {
    await chmod(join(folder, workspace), 0o700).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

test('keeps, replaces, gives back and takes away whole files', async () => {
  const folder = await emptyFolder();
  const store = createDiskStore(folder);
  const key = newFileKey(workspace, randomBytes);
  expect(await store.open(key)).toBeNull();
  await store.put(key, Buffer.from('one'));
  await store.put(key, Buffer.from('two'));
  expect(Buffer.from((await store.open(key)) ?? []).toString()).toBe('two');
  expect(await readdir(join(folder, workspace))).toEqual([key.split('/')[1]]);
  await store.delete(key);
  await store.delete(key);
  expect(await store.open(key)).toBeNull();
});

test('what a process left that ended while it wrote goes with the file', async () => {
  const folder = await emptyFolder();
  const store = createDiskStore(folder);
  const [key, other] = [newFileKey(workspace, randomBytes), newFileKey(workspace, randomBytes)];
  await store.put(key, Buffer.from('one'));
  const before = await readdir(folder, { recursive: true });
  const diskStore = join(import.meta.dirname, 'disk-store.ts');
  // A process that ends once the file is there and has not its name yet.
  const dying = `
    import { createDiskStore } from ${JSON.stringify(diskStore)};
    import { open } from 'node:fs/promises';
    const file = await open(process.argv[1], 'r');
    Object.getPrototypeOf(file).sync = () => process.exit(9);
    await createDiskStore(process.argv[1]).put(process.argv[2], new Uint8Array(8));`;
  for (const each of [key, other]) {
    const ended = spawnSync(process.execPath, ['--input-type=module', '-e', dying, folder, each]);
    expect(ended.status, ended.stderr.toString()).toBe(9);
  }
  expect(await readdir(folder, { recursive: true })).not.toEqual(before);
  await store.delete(key);
  const left = await readdir(folder, { recursive: true });
  expect(left.filter((name) => name.includes(key.split('/')[1] ?? ''))).toEqual([]);
  expect(left.filter((name) => name.includes(other.split('/')[1] ?? ''))).toHaveLength(1);
  await store.delete(other);
  expect(await store.open(key)).toBeNull();
});

test('a file that could not be written leaves nothing behind', async () => {
  const folder = await emptyFolder();
  const store = createDiskStore(folder);
  const key = newFileKey(workspace, randomBytes);
  // What is no bytes cannot be written once the file is open.
  await expect(Reflect.apply(store.put, store, [key, 42])).rejects.toThrow();
  expect(await readdir(join(folder, workspace))).toEqual([]);
  expect(await store.open(key)).toBeNull();
});

test.each([
  '../../etc/passwd',
  `${workspace}/../../secret`,
  `${workspace}/${'a'.repeat(47)}`,
  `${workspace}/${'A'.repeat(48)}`,
  `${workspace}\\${'a'.repeat(48)}`,
  `/${workspace}/${'a'.repeat(48)}`,
  `${workspace}/${'a'.repeat(48)}\n`,
  '',
])('refuses %j, which is no key', async (key) => {
  const store = createDiskStore(await emptyFolder());
  await expect(store.put(key, Buffer.from('x'))).rejects.toThrow('no key');
  await expect(store.open(key)).rejects.toThrow('no key');
  await expect(store.delete(key)).rejects.toThrow('no key');
});

test('keys are another each time, and of their workspace', () => {
  const keys = Array.from({ length: 100 }, () => newFileKey(workspace, randomBytes));
  expect(new Set(keys).size).toBe(100);
  expect(keys.every((key) => key.startsWith(`${workspace}/`))).toBe(true);
  expect(() => newFileKey('../other', randomBytes)).toThrow('no key');
});
