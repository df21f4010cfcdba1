import type { ProblemText } from '../define/problems.ts';

/** What a segment's condition can have wrong beside what any condition can, by stable codes. */
export const segmentProblemTable = {
  condition_value_unfit: {
    severity: 'error',
    title: 'This cannot be what “{field}” is asked about',
    fix: 'Choose one that is offered.',
  },
  condition_data_unfit: {
    severity: 'error',
    title: 'There is no “{data}” in “{field}”',
    fix: 'Compare data of an event, such as event.data.total, or remove the comparison.',
  },
  condition_flow_unfit: {
    severity: 'error',
    title: 'No flow can be named for “{field}”',
    fix: 'Leave the flow out, or choose a flow.',
  },
  condition_flow_only: {
    severity: 'error',
    title: '“{field}” is known only while somebody is in a flow',
    fix: 'Choose a detail of people, or what they belong to or did.',
  },
} as const satisfies Record<string, ProblemText>;

export type SegmentProblemCode = keyof typeof segmentProblemTable;
