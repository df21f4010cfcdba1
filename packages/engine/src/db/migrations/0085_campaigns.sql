-- A campaign is a flow of its own with an audience and a moment (docs/decisions/0035).
CREATE TABLE campaigns (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  name text NOT NULL,
  flow_id uuid NOT NULL,
  -- Whom it is for and who is left out, when it goes out, and how fast: as the API takes them.
  audience jsonb NOT NULL,
  schedule jsonb NOT NULL,
  pace jsonb,
  -- Until when people are let in who come to be in the audience after it began; null where it is for those of the beginning alone.
  grows_until timestamptz,
  state text NOT NULL CHECK (state IN ('draft', 'scheduled', 'running', 'done', 'canceled')),
  is_sample boolean NOT NULL DEFAULT false,
  revision integer NOT NULL DEFAULT 1,
  archived_at timestamptz,
  launched_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, flow_id) REFERENCES flows (workspace_id, id)
);
CREATE UNIQUE INDEX campaigns_flow ON campaigns (workspace_id, flow_id);
CREATE INDEX campaigns_changed ON campaigns (workspace_id, updated_at DESC, id DESC);

-- Each time that a campaign goes out. Of one moment there is one, whoever asks for it how often.
CREATE TABLE campaign_occurrences (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('planned', 'letting_in', 'finishing', 'done', 'canceled')),
  -- When it is to be looked at next: when it begins, when its next page may come, when it is asked whether everybody is through.
  next_at timestamptz NOT NULL,
  -- How far it is: everybody up to this contact was asked, of those up to the highest; of a segment's comings, the last change that was seen.
  cursor uuid,
  highest uuid,
  change_id uuid,
  -- How many people it had been reckoned with when it began.
  expected integer NOT NULL DEFAULT 0,
  let_in integer NOT NULL DEFAULT 0,
  already_in_flow integer NOT NULL DEFAULT 0,
  -- Since when the pace holds, and how many people came since then.
  paced_from timestamptz,
  paced integer NOT NULL DEFAULT 0,
  began_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns (workspace_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX campaign_occurrences_at ON campaign_occurrences (workspace_id, campaign_id, at);
CREATE INDEX campaign_occurrences_next ON campaign_occurrences (next_at) WHERE state IN ('planned', 'letting_in', 'finishing');

-- Whom an occurrence was for: nobody comes in twice by one, whatever crashes, is paused or edited.
CREATE TABLE campaign_people (
  workspace_id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  occurrence_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, campaign_id, occurrence_id, contact_id),
  FOREIGN KEY (workspace_id, occurrence_id) REFERENCES campaign_occurrences (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX campaign_people_contact ON campaign_people (workspace_id, contact_id);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['campaigns', 'campaign_occurrences', 'campaign_people'] LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN workspace_id SET (n_distinct = 1)', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO signalbox_app USING (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid)) '
      'WITH CHECK (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO signalbox_app', t);
  END LOOP;
END $$;
CREATE POLICY router ON campaign_occurrences FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, id, state, next_at) ON campaign_occurrences TO signalbox_router;

-- Flows may be started by their campaign.
ALTER TABLE flow_triggers DROP CONSTRAINT flow_triggers_kind_check;
ALTER TABLE flow_triggers ADD CONSTRAINT flow_triggers_kind_check CHECK (kind IN ('keyword', 'text', 'api', 'segment', 'campaign'));
