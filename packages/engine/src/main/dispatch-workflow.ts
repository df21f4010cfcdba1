import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import { workflowTypes } from '../cohorts/run-contract.ts';
import { temporalNames } from '../cohorts/temporal-names.ts';
import type { Installation } from '../db/installation.ts';

/** The dispatcher's workflow says whose it is; one that an older build started does not. */
const memoSchema = z.object({ installation: z.string().optional(), database: z.string().nullable().optional() });

/** Another database works in this Temporal namespace under our names. */
export class NamespaceTakenError extends Error {
  override readonly name = 'NamespaceTakenError';
  constructor(workflowId: string) {
    super(
      `TEMPORAL_NAMESPACE: another database works in this namespace as this installation (workflow ${workflowId}). A copy of a database needs a namespace of its own. If the other database is gone for good, terminate that workflow and start again.`,
    );
  }
}

/** The memo of the open dispatcher; null where there is none. */
async function openDispatcher(client: Client, workflowId: string): Promise<z.output<typeof memoSchema> | null> {
  try {
    const { status, memo } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING' ? memoSchema.parse(memo ?? {}) : null;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/**
 * Refuses a namespace in which another database works under this installation's names: a copy that was not given one of its own.
 *
 * @throws NamespaceTakenError
 */
export async function requireOwnNamespace(client: Client, installation: Installation): Promise<void> {
  const workflowId = temporalNames(installation.prefix).dispatcherId(0);
  requireOwn(await openDispatcher(client, workflowId), installation, workflowId);
}

/** @throws NamespaceTakenError where an open dispatcher says that it is another database's. */
function requireOwn(memo: z.output<typeof memoSchema> | null, installation: Installation, workflowId: string): void {
  if (memo?.installation === undefined) return;
  const otherDatabase =
    typeof memo.database === 'string' && installation.database !== null && memo.database !== installation.database;
  if (memo.installation !== installation.id || otherDatabase) throw new NamespaceTakenError(workflowId);
}

/**
 * Starts the dispatcher's workflow where it is not open. One of an older build gives way to one that says whose it is.
 *
 * @throws NamespaceTakenError where another database's is open: of two copies that start at once, the second.
 */
export async function startDispatchWorkflow(client: Client, installation: Installation): Promise<void> {
  const names = temporalNames(installation.prefix);
  const workflowId = names.dispatcherId(0);
  const start = () =>
    client.workflow.start(workflowTypes.dispatch, {
      // Its workflow rides with the flows in code, which spares a sandbox; the dispatcher itself has a queue of its own.
      taskQueue: names.queues.code,
      workflowId,
      args: [0, names.dispatchQueue(0)],
      memo: { installation: installation.id, database: installation.database },
    });
  try {
    await start();
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const open = await openDispatcher(client, workflowId);
    requireOwn(open, installation, workflowId);
    if (open?.installation !== undefined) return;
    if (open !== null)
      await client.workflow.getHandle(workflowId).terminate('started again with the name of its installation');
    await start();
  }
}
