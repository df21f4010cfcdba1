-- People by what is known of them: a condition, and who meets it, kept as they change (docs/decisions/0032).
CREATE TABLE segments (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  name text NOT NULL,
  condition jsonb NOT NULL,
  -- What may change who is in it, under the names that triggers tell of it; the segments that it asks for.
  watches text[] NOT NULL,
  uses uuid[] NOT NULL,
  -- How many people are in it: triggers of its members count.
  size bigint NOT NULL DEFAULT 0,
  -- 'building' until everybody was asked; how far that is.
  state text NOT NULL CHECK (state IN ('building', 'ready')),
  cursor uuid,
  -- What changed before this transaction may not have been told of: nobody is asked while one from before it runs.
  since_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  -- When everybody was asked again, and how many did not stand where they should.
  recounted_at timestamptz NOT NULL,
  mended integer NOT NULL DEFAULT 0,
  is_sample boolean NOT NULL DEFAULT false,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX segments_name ON segments (workspace_id, lower(name));

CREATE TABLE segment_members (
  workspace_id uuid NOT NULL,
  segment_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, segment_id, contact_id),
  FOREIGN KEY (workspace_id, segment_id) REFERENCES segments (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX segment_members_contact ON segment_members (workspace_id, contact_id);

-- Whom time alone may move, and when.
CREATE TABLE segment_dues (
  workspace_id uuid NOT NULL,
  segment_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  due_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, segment_id, contact_id),
  FOREIGN KEY (workspace_id, segment_id) REFERENCES segments (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX segment_dues_due ON segment_dues (due_at);
CREATE INDEX segment_dues_contact ON segment_dues (workspace_id, contact_id);

-- Who changed in something that a segment watches: written by triggers, taken away by a sweep.
CREATE TABLE segment_dirty (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id bigint GENERATED ALWAYS AS IDENTITY,
  contact_id uuid NOT NULL,
  watch text NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

-- Who came and who went, for a month.
CREATE TABLE segment_changes (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  segment_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  entered boolean NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, segment_id) REFERENCES segments (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX segment_changes_contact ON segment_changes (workspace_id, contact_id);
CREATE INDEX segment_changes_segment ON segment_changes (workspace_id, segment_id, id DESC);

-- Who had an event of a type within a time, for everybody at once.
CREATE INDEX events_type ON events (workspace_id, type, occurred_at, contact_id);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['segments', 'segment_members', 'segment_dues', 'segment_dirty', 'segment_changes'] LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN workspace_id SET (n_distinct = 1)', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO signalbox_app USING (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid)) '
      'WITH CHECK (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO signalbox_app', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['segments', 'segment_dues', 'segment_dirty'] LOOP
    EXECUTE format('CREATE POLICY router ON %I FOR SELECT TO signalbox_router USING (true)', t);
  END LOOP;
END $$;
GRANT SELECT (workspace_id, id, state, recounted_at) ON segments TO signalbox_router;
GRANT SELECT (workspace_id, due_at) ON segment_dues TO signalbox_router;
GRANT SELECT (workspace_id, id) ON segment_dirty TO signalbox_router;

-- Sizes are counted by whatever puts somebody in or takes them out.
CREATE FUNCTION segment_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE segments s SET size = s.size + x.n
    FROM (SELECT workspace_id, segment_id, count(*) AS n FROM changed GROUP BY 1, 2) AS x
    WHERE s.workspace_id = x.workspace_id AND s.id = x.segment_id;
  ELSE
    UPDATE segments s SET size = s.size - x.n
    FROM (SELECT workspace_id, segment_id, count(*) AS n FROM changed GROUP BY 1, 2) AS x
    WHERE s.workspace_id = x.workspace_id AND s.id = x.segment_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER counted_in AFTER INSERT ON segment_members REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION segment_count();
CREATE TRIGGER counted_out AFTER DELETE ON segment_members REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION segment_count();

-- Whom a batch lets in may be the people of one segment; null for all.
ALTER TABLE enrollment_batches ADD COLUMN segment_id uuid;
