import type { z } from '@hono/zod-openapi';
import type { AnyNode } from '@signalbox/nodes/define/define-node';
import type { Trigger } from '@signalbox/nodes/define/trigger';
import { positionState } from '../db/states.ts';
import { shown } from '../http/ids.ts';
import { type ShownReason, showReason } from '../http/reasons.ts';
import { isReadable, type LoadedStep, type LoadedVersion } from '../versions/version-cache.ts';
import type { enrollmentBatchSchema, enrollmentDetailSchema, enrollmentSchema } from './contract.ts';
import type { BatchRow, EnrollmentRow, PathRow } from './store-enrollments.ts';

type ShownEnrollment = z.infer<typeof enrollmentSchema>;

/** How a contact is called in lists; empty where no name is known. */
export function nameOf(contact: { readonly first_name: string | null; readonly last_name: string | null }): string {
  return [contact.first_name, contact.last_name].filter((part) => part !== null && part !== '').join(' ');
}

function stateOf(row: EnrollmentRow): ShownEnrollment['state'] {
  if (row.outcome !== null) return row.outcome;
  if (row.position === positionState.ready) return 'moving';
  if (row.position === positionState.held) return 'held';
  return row.sending ? 'sending' : 'waiting';
}

/** Why it ended, or is held by something else than a pause; someone whose outlet led nowhere has no reason of their own. */
function endReason(row: EnrollmentRow): ShownReason | null {
  if (row.outcome === null) return showReason(row.reason);
  return showReason(row.reason) ?? showReason({ code: row.outcome === 'finished' ? 'end_of_line' : 'step_failed' });
}

/** An enrollment as the API shows it. */
export function showEnrollment(row: EnrollmentRow, version: LoadedVersion): ShownEnrollment {
  return {
    id: shown('enrollment', row.id),
    flow_id: shown('flow', row.flow_id),
    flow_name: row.flow_name,
    version: row.number,
    contact: { id: shown('contact', row.contact_id), phone: row.phone, name: nameOf(row) },
    state: stateOf(row),
    step_id: version.steps[row.step]?.id ?? null,
    due_at: row.due_at?.toISOString() ?? null,
    reason: endReason(row),
    started_at: row.started_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}

/** How someone came in: by what the trigger listens for, or let in through the API. */
function entryReason({ event_type: type, event_text: text }: PathRow, trigger: Trigger | null): ShownReason | null {
  const event = type === null && text === null ? null : { type: type ?? 'message.received', text };
  return trigger === null ? null : showReason(trigger.entered(event));
}

function triggerOf(step: LoadedStep | undefined): Trigger | null {
  return step !== undefined && isReadable(step) ? step.bound.trigger() : null;
}

/** An enrollment with the way it took. */
export function showDetail(
  row: EnrollmentRow,
  version: LoadedVersion,
  path: readonly PathRow[],
  nodes: ReadonlyMap<string, AnyNode>,
  names: ReadonlyMap<string, string>,
): z.infer<typeof enrollmentDetailSchema> {
  return {
    ...showEnrollment(row, version),
    path: path.map((entry) => {
      const step = version.steps[entry.step];
      const outlet = entry.outlet === null ? undefined : step?.outlets[entry.outlet];
      const own = showReason(entry.reason);
      return {
        hop: entry.hop,
        step_id: step?.id ?? '',
        step_type: step?.type ?? '',
        step_title: names.get(step?.id ?? '') ?? nodes.get(step?.type ?? '')?.title ?? '',
        step_summary: step !== undefined && isReadable(step) ? step.bound.summary() : '',
        outlet: outlet?.id ?? null,
        outlet_label: outlet?.label ?? null,
        reason: own ?? (entry.hop === 0 ? entryReason(entry, triggerOf(step)) : null),
        at: entry.at.toISOString(),
      };
    }),
  };
}

/** A batch as the API shows it. */
export function showBatch(row: BatchRow): z.infer<typeof enrollmentBatchSchema> {
  return {
    id: shown('batch', row.id),
    flow_id: shown('flow', row.flow_id),
    state: row.state,
    enrolled: row.enrolled,
    already_in_flow: row.already_in_flow,
    not_found: row.not_found,
    runs: row.runs,
    created_at: row.created_at.toISOString(),
  };
}
