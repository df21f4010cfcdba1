import { defineConfig } from 'vitest/config';

/** Recording, by `npx vitest run --config test/upgrade/vitest.record.config.ts`: never part of a test run. */
export default defineConfig({
  test: {
    include: ['test/upgrade/record.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
