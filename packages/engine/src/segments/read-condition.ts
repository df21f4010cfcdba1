import { type Condition, comparisons, conditionSchema, isMember } from '@signalbox/nodes/flow/conditions';
import { misfits } from '@signalbox/nodes/flow/misfits';
import { segmentProblemTitle, validateSegmentCondition } from '@signalbox/nodes/flow/validate-condition';
import { formatMessage } from '@signalbox/nodes/text/format-message';
import type { Scope } from '../db/work.ts';
import { fieldProblem } from '../http/problems.ts';
import { type FieldCode, fieldTexts } from '../http/texts.ts';
import { segmentsUsed } from './compile.ts';
import { listSegments, namesIn } from './store.ts';

type Path = ReadonlyArray<string | number>;

/**
 * A segment's condition as it may be stored.
 *
 * @param ownId the segment's own, which it may not ask for, through others neither; null for a new one.
 * @param place where it stands in the request.
 * @throws ProblemError `validation_failed` at the place that does not fit, or that names what is not there.
 */
export async function readSegmentCondition(
  scope: Scope,
  input: unknown,
  ownId: string | null,
  place: Path = ['condition'],
): Promise<Condition> {
  const refusal = (path: Path, message: string) =>
    fieldProblem([...place, ...path], 'condition_invalid', formatMessage(fieldTexts.condition_invalid, { message }));
  const [misfit] = misfits(conditionSchema, input);
  if (misfit !== undefined) throw refusal(misfit.path, misfit.message);
  const condition = conditionSchema.parse(input);
  const [problem] = validateSegmentCondition(condition);
  if (problem !== undefined) throw refusal(problem.path, segmentProblemTitle(problem));
  const names = await namesIn(scope, [condition]);
  const missing = (at: Path, code: FieldCode) => fieldProblem([...place, ...at], code, fieldTexts[code]);
  for (const { comparison, path } of comparisons(condition)) {
    if (isMember(comparison) && !names.has(comparison.value))
      throw missing([...path, 'value'], missingCode(comparison.value));
    if ('flow' in comparison && comparison.flow !== undefined && !names.has(comparison.flow))
      throw missing([...path, 'flow'], 'flow_unknown');
  }
  if (ownId !== null && (await asksFor(scope, condition, ownId))) throw missing([], 'segment_circle');
  return condition;
}

const missingCode = (id: string): FieldCode =>
  id.startsWith('seg_') ? 'segment_unknown' : id.startsWith('flw_') ? 'flow_unknown' : 'list_unknown';

/** Whether a condition asks for a segment, itself or through others. */
async function asksFor(scope: Scope, condition: Condition, id: string): Promise<boolean> {
  const used = segmentsUsed(condition);
  if (used.length === 0) return false;
  const usesOf = new Map((await listSegments(scope)).map((segment) => [segment.id, segment.uses]));
  const seen = new Set<string>();
  const open = [...used];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === id) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(usesOf.get(next) ?? []));
  }
  return false;
}
