import { defineConfig } from 'vitest/config';

/** The suite that skips days. The server's clock is one for all that it runs, so files go one after another, in one process each. */
export default defineConfig({
  test: {
    include: ['test/time/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    retry: 0,
  },
});
