import { TestWorkflowEnvironment } from '@temporalio/testing';

/*
 * `node sdk-download.ts <folder>`: has Temporal's SDK fetch the command line that fits it into the folder. A process of its
 * own, so that the launcher does not load the SDK and can end a download that does not come.
 */

const [folder = ''] = process.argv.slice(2);
try {
  // The SDK downloads only what it starts: the server runs for a moment, on a free port of loopback.
  const started = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir: folder, ttl: '365 days' } },
  });
  await started.teardown();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
