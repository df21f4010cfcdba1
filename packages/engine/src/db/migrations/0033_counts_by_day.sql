-- Counts get a day. A delta carries the moment of the work that wrote it; whoever folds it adds it to its day in the workspace's zone as
-- well. The totals of all time stay one row for each step and metric, so that reading them costs what it did.

-- Deltas that nobody has folded yet, and those of a build that is still running beside this one, take the moment they are written at.
ALTER TABLE flow_count_deltas ADD COLUMN at timestamptz NOT NULL DEFAULT now();

-- How much of `n` stands under a day as well. What was folded before, and what an earlier build still folds, has none.
ALTER TABLE flow_count_totals ADD COLUMN dated bigint NOT NULL DEFAULT 0;

CREATE TABLE flow_count_days (
  workspace_id uuid NOT NULL,
  flow_id uuid NOT NULL,
  -- In the workspace's zone.
  day date NOT NULL,
  step_id text NOT NULL,
  metric text NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (workspace_id, flow_id, day, step_id, metric)
) WITH (fillfactor = 70);
ALTER TABLE flow_count_days ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE flow_count_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE flow_count_days FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON flow_count_days TO signalbox_app
  USING (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid))
  WITH CHECK (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON flow_count_days TO signalbox_app;

-- A zone that this server has no clock for counts as UTC: its counts must not wait for somebody to notice.
CREATE FUNCTION known_zone(zone text) RETURNS text LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
  PERFORM now() AT TIME ZONE zone;
  RETURN zone;
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN 'UTC';
END $$;
