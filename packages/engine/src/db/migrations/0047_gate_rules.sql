-- What a workspace set for the rules of the gate. A rule without a row has what it has by default.
CREATE TABLE gate_rules (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  rule text NOT NULL,
  settings jsonb NOT NULL,
  -- Settings that were made by the upgrade, not by a person: a sweep completes them and takes the mark away.
  from_upgrade boolean NOT NULL DEFAULT false,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, rule)
);
-- Nobody is refused newly: a workspace from before goes on sending to every country that it has somebody in. Which these are, numbers
-- alone tell, and no statement can read them: until the sweep has, every country is open.
INSERT INTO gate_rules (workspace_id, rule, settings, from_upgrade, updated_at)
SELECT workspace_id, 'countries', '{"every": true}', true, created_at FROM workspaces;

ALTER TABLE gate_rules ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE gate_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE gate_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gate_rules TO signalbox_app
  USING (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid))
  WITH CHECK (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON gate_rules TO signalbox_app;
CREATE POLICY router ON gate_rules FOR SELECT TO signalbox_router USING (from_upgrade);
GRANT SELECT (workspace_id, rule, from_upgrade) ON gate_rules TO signalbox_router;

-- What carriers and authorities know of a sender. Of those from before nobody knows anything, and that is no reason to refuse.
ALTER TABLE senders
  ADD COLUMN registration text NOT NULL DEFAULT 'unknown'
    CHECK (registration IN ('unknown', 'unregistered', 'pending', 'registered', 'rejected')),
  -- What the register calls it: a campaign's id, a verification's.
  ADD COLUMN registration_reference text,
  ADD COLUMN registration_expires_on date;
