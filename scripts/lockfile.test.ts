import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { downloadAddresses } from './lockfile.ts';

const clean = [
  'packages:',
  '',
  '  left@1.0.0:',
  '    resolution: {integrity: sha512-abc}',
  "    deprecated: 'use https://example.com instead'",
].join('\n');

test('integrity alone is clean, whatever a deprecation says', () => {
  expect(downloadAddresses(clean)).toEqual([]);
});

for (const planted of [
  '    resolution: {integrity: sha512-abc, tarball: https://registry.example.com/left-1.0.0.tgz}',
  '    resolution: {tarball: left.tgz}',
  '    resolution: {type: git, repo: git+ssh://git@example.com/left}',
]) {
  test(`is red for ${planted.trim()}`, () => {
    expect(downloadAddresses(`${clean}\n${planted}`)).toHaveLength(1);
  });
}

test('the lockfile of the repository holds no download address', () => {
  const lockfile = readFileSync(join(import.meta.dirname, '../pnpm-lock.yaml'), 'utf8');
  expect(lockfile).toContain('lockfileVersion');
  expect(downloadAddresses(lockfile)).toEqual([]);
});
