import { shown } from '../http/ids.ts';

/** The document that a webhook gets of an event. */
export type EventBody = {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly workspaceId: string;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
  readonly cause: string | null;
  readonly data: unknown;
};

/** The very text that is signed and sent. */
export function writeBody(event: EventBody): string {
  const { id, type, version, workspaceId, occurredAt, recordedAt, cause, data } = event;
  return JSON.stringify({
    id: shown('event', id),
    type,
    version,
    workspace_id: shown('workspace', workspaceId),
    // As Standard Webhooks calls it, beside our own name for it.
    timestamp: occurredAt.toISOString(),
    occurred_at: occurredAt.toISOString(),
    recorded_at: recordedAt.toISOString(),
    cause,
    data,
  });
}
