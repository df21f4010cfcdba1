import { defineConfig } from 'vitest/config';

/** One PostgreSQL cluster and one Temporal server for the whole run; every file clones the migrated template (test/support). */
export default defineConfig({
  test: {
    include: [
      'packages/*/{src,scripts}/**/*.test.ts',
      'workflows/**/*.test.ts',
      'test/**/*.test.ts',
      'bench/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', 'test/time/**'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Files of a worker share their modules: the engine is read once a worker, not once a file. What a file changes of the process, it puts back.
    isolate: false,
    unstubGlobals: true,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    retry: 0,
    slowTestThreshold: 5_000,
  },
});
