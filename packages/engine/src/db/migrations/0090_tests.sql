-- Tests of arms: one for each A/B step of a flow, from the version that began it to its decision (docs/decisions/0036). A version with other
-- weights, another metric or another plan begins the next one.
CREATE TABLE tests (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  flow_id uuid NOT NULL,
  step_id text NOT NULL,
  -- The number of the version that began it: people of later versions are in it too, up to that of the next test of the step.
  version integer NOT NULL,
  -- The step's, as the newest version of this test has it.
  config jsonb NOT NULL,
  -- 'running' until something is decided, or it is stopped: by somebody, or by a version without it.
  state text NOT NULL CHECK (state IN ('running', 'decided', 'stopped')),
  -- What everybody gets from then on: the arm that won, or the control where none did.
  winner text,
  outcome text CHECK (outcome IN ('winner', 'no_difference')),
  ended_by text CHECK (ended_by IN ('verdict', 'hand', 'version')),
  by_kind text,
  by_id text,
  reason text NOT NULL DEFAULT '',
  ended_at timestamptz,
  -- Since when nobody waits for the decision any more.
  rest_moved_at timestamptz,
  is_sample boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, flow_id, step_id, version),
  FOREIGN KEY (workspace_id, flow_id) REFERENCES flows (workspace_id, id) ON DELETE CASCADE,
  CHECK ((state = 'running') = (ended_at IS NULL)),
  CHECK ((state = 'decided') = (winner IS NOT NULL)),
  CHECK ((state = 'decided') = (outcome IS NOT NULL))
);
CREATE INDEX tests_newest ON tests (workspace_id, created_at DESC, id DESC);
-- What there is to look after: few at any time.
CREATE INDEX tests_open ON tests (workspace_id) WHERE state = 'running' OR rest_moved_at IS NULL;

-- What people were given, once a test.
CREATE TABLE test_assignments (
  workspace_id uuid NOT NULL,
  test_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  arm text NOT NULL,
  -- The chance that it had to be this arm, among those for whom it was decided in the same way.
  propensity double precision NOT NULL CHECK (propensity > 0 AND propensity <= 1),
  decided_by text NOT NULL CHECK (decided_by IN ('draw', 'winner', 'control', 'deadline')),
  -- Of those who waited for the decision: they get the control whatever wins.
  keeps_control boolean NOT NULL DEFAULT false,
  assigned_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, test_id, contact_id),
  FOREIGN KEY (workspace_id, test_id) REFERENCES tests (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX test_assignments_contact ON test_assignments (workspace_id, contact_id);

-- What was seen of a test: the last look of each hour.
CREATE TABLE test_looks (
  workspace_id uuid NOT NULL,
  test_id uuid NOT NULL,
  hour timestamptz NOT NULL,
  at timestamptz NOT NULL,
  -- Counts and intervals of each arm, and what may be said; never of a person.
  seen jsonb NOT NULL,
  PRIMARY KEY (workspace_id, test_id, hour),
  FOREIGN KEY (workspace_id, test_id) REFERENCES tests (workspace_id, id) ON DELETE CASCADE
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['tests', 'test_assignments', 'test_looks'] LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN workspace_id SET (n_distinct = 1)', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO signalbox_app USING (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid)) '
      'WITH CHECK (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO signalbox_app', t);
  END LOOP;
END $$;
CREATE POLICY router ON tests FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, state, rest_moved_at) ON tests TO signalbox_router;

-- Whom a decision moves: few of those who wait for anything.
CREATE INDEX enrollments_tested ON enrollments (workspace_id, waiting_event, id) WHERE waiting_event LIKE 'test.%';

-- Webhooks hear of a decision with the transaction that makes it.
CREATE FUNCTION webhook_of_test() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('app.webhooks', true) = 'none' THEN RETURN NULL; END IF;
  PERFORM webhook_tell(NEW.workspace_id, 'test.decided', NEW.id, NEW.ended_at);
  RETURN NULL;
END $$;
CREATE TRIGGER webhooks_changed AFTER UPDATE OF state ON tests FOR EACH ROW
  WHEN (OLD.state <> 'decided' AND NEW.state = 'decided' AND current_setting('app.webhooks', true) IS DISTINCT FROM 'none')
  EXECUTE FUNCTION webhook_of_test();
