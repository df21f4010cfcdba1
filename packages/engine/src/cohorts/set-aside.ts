import type { Work } from '../db/work.ts';
import { emptyResult } from './call-ledger.ts';
import type { CohortRow } from './cohort-rows.ts';
import { holdForReason } from './hold.ts';
import { finishPositions } from './positions.ts';
import type { StepCall, StepResult } from './run-contract.ts';

/**
 * The last resort for people whose step cannot be written, not even as failed, or whose step goes in circles: a drawn flow's are held until somebody resumes the flow, a
 * code flow's, who have no place outside their run, end as failed without a path entry. Writes nothing that could be refused.
 */
export async function setAside(
  work: Work,
  call: StepCall,
  rows: readonly CohortRow[],
  reason: 'step_failed' | 'too_many_texts' = 'step_failed',
): Promise<StepResult> {
  if (call.code === true) {
    await finishPositions(
      work,
      rows.map((row) => ({
        id: row.id,
        outcome: 'failed',
        step: Math.max(0, call.step),
        reason: { code: reason === 'too_many_texts' ? 'text_limit_reached' : reason },
      })),
    );
    return { ...emptyResult, failed: rows.length };
  }
  await holdForReason(
    work,
    rows.map((row) => row.id),
    reason,
  );
  return { ...emptyResult, held: rows.length };
}
