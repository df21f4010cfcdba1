import type { Condition } from '@signalbox/nodes/flow/conditions';
import { conditionSchema } from '@signalbox/nodes/flow/conditions';
import { describeCondition, type Names } from '@signalbox/nodes/flow/describe-condition';
import type { Scope } from '../db/work.ts';
import { fieldProblem } from '../http/problems.ts';
import { fieldTexts } from '../http/texts.ts';
import { readSegmentCondition } from '../segments/read-condition.ts';
import { namesIn } from '../segments/store.ts';
import type { Audience, AudiencePart } from './contract.ts';

/** True of everybody: a contact is who is texted at a number. */
const everyone: Condition = { field: 'contact.phone', op: 'is_set' };

function partCondition(part: AudiencePart): Condition {
  switch (part.kind) {
    case 'everyone':
      return everyone;
    case 'segment':
      return { field: 'contact.segments', op: 'includes', value: part.segment_id };
    case 'list':
      return { field: 'contact.lists', op: 'includes', value: part.list_id };
    case 'tag':
      return { field: 'contact.tags', op: 'includes', value: part.list_id };
    case 'condition':
      return conditionSchema.parse(part.condition);
  }
}

/**
 * Who is in an audience, as a condition over people: in one of its parts, and in none of those left out. Null where it has no parts, so that it
 * is nobody. It may be larger than one that somebody may write.
 */
export function audienceCondition({ include, exclude }: Audience): Condition | null {
  if (include.length === 0) return null;
  const among: Condition = { any: include.map(partCondition) };
  return exclude.length === 0 ? among : { all: [among, { not: { any: exclude.map(partCondition) } }] };
}

/** The names that the sentence of an audience has. */
export function namesOfAudiences(scope: Scope, audiences: readonly Audience[]): Promise<Names> {
  const conditions = audiences.map(audienceCondition).filter((condition) => condition !== null);
  return namesIn(scope, conditions);
}

const phrases = { everyone: 'everyone', nobody: 'nobody yet', but: 'but nobody who is', or: ', or ' } as const;

/** An audience in words. */
export function describeAudience({ include, exclude }: Audience, names: Names): string {
  const one = (part: AudiencePart) =>
    part.kind === 'everyone' ? phrases.everyone : describeCondition(partCondition(part), names);
  if (include.length === 0) return phrases.nobody;
  const among = include.map(one).join(phrases.or);
  return exclude.length === 0 ? among : `${among}, ${phrases.but} ${exclude.map(one).join(phrases.or)}`;
}

/**
 * Refuses an audience that asks for what is not there.
 *
 * @throws ProblemError `validation_failed` at the part.
 */
export async function requireAudience(scope: Scope, audience: Audience): Promise<void> {
  for (const side of ['include', 'exclude'] as const)
    for (const [index, part] of audience[side].entries()) {
      const place = ['audience', side, index];
      if (part.kind === 'everyone') continue;
      if (part.kind === 'condition') {
        await readSegmentCondition(scope, part.condition, null, [...place, 'condition']);
        continue;
      }
      const id = part.kind === 'segment' ? part.segment_id : part.list_id;
      const names = await namesIn(scope, [partCondition(part)]);
      const code = part.kind === 'segment' ? 'segment_unknown' : 'list_unknown';
      if (!names.has(id))
        throw fieldProblem([...place, part.kind === 'segment' ? 'segment_id' : 'list_id'], code, fieldTexts[code]);
    }
}
