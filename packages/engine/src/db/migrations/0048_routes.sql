-- Which senders texts go out from, by where they go and what they are for: the first route that fits is taken. A workspace without any
-- sends from its oldest sender.
CREATE TABLE sender_routes (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  position integer NOT NULL,
  name text NOT NULL,
  -- ISO 3166-1 alpha-2; empty for everywhere.
  countries text[] NOT NULL DEFAULT '{}',
  -- Empty for every purpose.
  purposes text[] NOT NULL DEFAULT '{}',
  -- order: the first sender that can. weight: people are spread over the senders by their weights.
  mode text NOT NULL CHECK (mode IN ('order', 'weight')),
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE sender_route_members (
  workspace_id uuid NOT NULL,
  route_id uuid NOT NULL,
  sender_id uuid NOT NULL,
  position integer NOT NULL,
  weight integer NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 100),
  PRIMARY KEY (workspace_id, route_id, sender_id),
  FOREIGN KEY (workspace_id, route_id) REFERENCES sender_routes ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, sender_id) REFERENCES senders ON DELETE CASCADE
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['sender_routes', 'sender_route_members'] LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN workspace_id SET (n_distinct = 1)', name);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO signalbox_app USING (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid)) WITH CHECK (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid))',
      name
    );
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO signalbox_app', name);
  END LOOP;
END $$;

-- By which route a message's sender was chosen; null where none did.
ALTER TABLE messages ADD COLUMN route_id uuid;

-- Whether an account takes messages, as its dispatcher last found it: up, down (nothing is claimed but a probe now and then).
ALTER TABLE accounts
  ADD COLUMN health text NOT NULL DEFAULT 'up' CHECK (health IN ('up', 'down')),
  ADD COLUMN health_since timestamptz,
  -- The class of the errors that brought it down.
  ADD COLUMN health_reason text;
