-- What a call was asked for, so that a repeat that asks for something else is noticed; and what a parking call of a code flow
-- collected once nobody of it was parked any more, so that a workflow that begins again sees the same sizes.
ALTER TABLE run_steps
  ADD COLUMN step smallint,
  ADD COLUMN cohorts integer[],
  ADD COLUMN collected jsonb;

-- Why somebody is held who is not held by a pause. due_outlet is then the way out they still have to take, or null where they stand before their step.
ALTER TABLE enrollments ADD COLUMN held_reason text;

-- The last version that a stop ended: whoever enters by a later one is none of its business.
ALTER TABLE flows ADD COLUMN stopped_through integer;

-- Closed runs and their calls are deleted after a while; the router finds where.
CREATE INDEX runs_closed ON runs (closed_at) WHERE state = 3;
GRANT SELECT (closed_at) ON runs TO signalbox_router;
