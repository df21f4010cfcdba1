import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findChromium } from './chromium.ts';

test('CHROMIUM_PATH is taken before anything else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-chromium-'));
  try {
    writeFileSync(join(folder, 'chosen'), '');
    expect(await findChromium(folder, { CHROMIUM_PATH: join(folder, 'chosen') })).toBe(join(folder, 'chosen'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
