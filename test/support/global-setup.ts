import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '@signalbox/engine/db/migrate';
import { workflowFiles } from '@signalbox/engine/flows/code-registry';
import { buildWorkflowBundle } from '@signalbox/engine/main/workflow-bundle';
import type { TestProject } from 'vitest/node';
import { type ClusterAddresses, startTestCluster } from './cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    cluster: ClusterAddresses;
    /** File that holds the workflow bundle, built once. */
    workflowBundle: string;
  }
}

/** Where flows as code live. */
export const workflowsFolder = fileURLToPath(new URL('../../workflows', import.meta.url));

/** Flows in code that only tests know. */
export const testFlowsFolder = fileURLToPath(new URL('./code-flows/', import.meta.url));

/** Passwords of the runtime roles in the test cluster. */
export const testPasswords = { app: 'app', router: 'router' } as const;

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startTestCluster({
    // Which of two transactions committed first (test/faults/stop-races.test.ts).
    settings: { track_commit_timestamp: 'on' },
    prepareTemplate: async (ownerUrl) => {
      await migrate({ ownerUrl, appPassword: testPasswords.app, routerPassword: testPasswords.router });
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bundle-'));
  const file = join(folder, 'workflows.js');
  const files = [...(await workflowFiles(workflowsFolder)), ...(await workflowFiles(testFlowsFolder))];
  writeFileSync(file, (await buildWorkflowBundle(files)).code);
  project.provide('cluster', cluster.addresses);
  project.provide('workflowBundle', file);
  return async () => {
    rmSync(folder, { recursive: true, force: true });
    await cluster.stop();
  };
}
