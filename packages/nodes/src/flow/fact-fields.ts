import { eventNameSchema } from '../define/event-names.ts';
import type { FactOperator } from './conditions.ts';

/** What somebody belongs to, or what happened to them: asked about with operators of its own. */
export type FactField = {
  readonly field: string;
  readonly label: string;
} & (
  | {
      readonly kind: 'set';
      /** What its members are called by: the first part of their ids. */
      readonly prefix: 'lst' | 'seg' | 'flw';
      /** How it reads, with the name of a list, a segment or a flow. */
      readonly phrase: string;
      readonly not: string;
    }
  | {
      readonly kind: 'happenings';
      /** Whether a flow was at work in it, which can be named. */
      readonly byFlow: boolean;
      /** Whether it has data, which can be compared and added up. */
      readonly data: boolean;
    }
);

/** The facts with a fixed name. Beside them stand `events.<name>`. */
export const factFieldCatalogue: readonly FactField[] = [
  {
    field: 'contact.lists',
    label: 'List',
    kind: 'set',
    prefix: 'lst',
    phrase: 'on the list {name}',
    not: 'not on the list {name}',
  },
  {
    field: 'contact.tags',
    label: 'Tag',
    kind: 'set',
    prefix: 'lst',
    phrase: 'has the tag {name}',
    not: 'does not have the tag {name}',
  },
  {
    field: 'contact.segments',
    label: 'Segment',
    kind: 'set',
    prefix: 'seg',
    phrase: 'in the segment {name}',
    not: 'not in the segment {name}',
  },
  {
    field: 'contact.flows',
    label: 'In a flow now',
    kind: 'set',
    prefix: 'flw',
    phrase: 'now in the flow {name}',
    not: 'not in the flow {name} now',
  },
  { field: 'messages.received', label: 'Texted us', kind: 'happenings', byFlow: false, data: false },
  { field: 'messages.sent', label: 'Was sent a message', kind: 'happenings', byFlow: true, data: false },
  { field: 'messages.delivered', label: 'Got a message', kind: 'happenings', byFlow: true, data: false },
  { field: 'messages.failed', label: 'Message failed', kind: 'happenings', byFlow: true, data: false },
  { field: 'links.clicked', label: 'Followed a link', kind: 'happenings', byFlow: false, data: true },
  { field: 'flows.entered', label: 'Entered a flow', kind: 'happenings', byFlow: true, data: false },
  { field: 'flows.finished', label: 'Finished a flow', kind: 'happenings', byFlow: true, data: false },
  { field: 'activity.any', label: 'Any activity', kind: 'happenings', byFlow: false, data: false },
];

export const eventPrefix = 'events.';

/** Finds a fact by its path; null for one that does not exist. */
export function findFactField(path: string): FactField | null {
  const known = factFieldCatalogue.find(({ field }) => field === path);
  if (known !== undefined) return known;
  if (!path.startsWith(eventPrefix)) return null;
  const name = path.slice(eventPrefix.length);
  return eventNameSchema.safeParse(name).success
    ? { field: path, label: name, kind: 'happenings', byFlow: false, data: true }
    : null;
}

/** How each operator of facts is called. `{value}` is the value, `{fact}` what it is about. */
export const factOperators = {
  includes: { kind: 'set', label: 'is', phrase: '' },
  not_includes: { kind: 'set', label: 'is not', phrase: '' },
  happened: { kind: 'happenings', label: 'ever', phrase: '“{fact}”' },
  never_happened: { kind: 'happenings', label: 'never', phrase: 'never “{fact}”' },
  count_at_least: { kind: 'happenings', label: 'at least … times', phrase: '“{fact}” at least {times}' },
  count_at_most: { kind: 'happenings', label: 'at most … times', phrase: '“{fact}” at most {times}' },
  sum_at_least: {
    kind: 'happenings',
    label: 'adds up to at least',
    phrase: '{of} of “{fact}” adds up to at least {value}',
  },
  sum_at_most: {
    kind: 'happenings',
    label: 'adds up to at most',
    phrase: '{of} of “{fact}” adds up to at most {value}',
  },
} as const satisfies Record<FactOperator, { kind: FactField['kind']; label: string; phrase: string }>;

/** The operators that make sense for a fact. */
export function factOperatorsFor(fact: FactField): FactOperator[] {
  const named: readonly FactOperator[] = [
    'includes',
    'not_includes',
    'happened',
    'never_happened',
    'count_at_least',
    'count_at_most',
    'sum_at_least',
    'sum_at_most',
  ];
  return named.filter((op) => {
    if (factOperators[op].kind !== fact.kind) return false;
    return fact.kind === 'set' || fact.data || (op !== 'sum_at_least' && op !== 'sum_at_most');
  });
}
