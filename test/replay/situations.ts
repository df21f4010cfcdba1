/** One recorded history for each thing that a run can do; two where a run goes on as a new one. */
export const situations = [
  'next',
  'sleep',
  'wait',
  'settle',
  'end',
  'fail',
  'retried-call',
  'failed-cohort',
  'continued-first',
  'continued-second',
  'code-flow',
  'dispatcher',
] as const;

export type Situation = (typeof situations)[number];

export const historiesFolder = new URL('./histories/', import.meta.url);
