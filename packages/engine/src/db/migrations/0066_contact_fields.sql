-- What a workspace asks of its people beside what everybody is asked: the attribute with a field's key holds values of the field's type.
CREATE TABLE contact_fields (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  key text NOT NULL,
  label text NOT NULL,
  type text NOT NULL CHECK (type IN ('text', 'number', 'money', 'date', 'time', 'yes_no', 'choice', 'list')),
  -- What may be chosen, as an array of texts.
  options jsonb NOT NULL DEFAULT '[]',
  -- What amounts are in; null where they are no money.
  currency text,
  position integer NOT NULL,
  -- Kept for its values, and no longer offered.
  retired_at timestamptz,
  is_sample boolean NOT NULL DEFAULT false,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, key)
);

-- Attributes that people have already become fields, at most 200, the most used: numbers where every value is plainly one, yes
-- or no where every value is, or else texts.
-- No value changes. Whoever migrates owns the table and is no tenant.
ALTER TABLE contacts NO FORCE ROW LEVEL SECURITY;
INSERT INTO contact_fields (workspace_id, id, key, label, type, position, created_at, updated_at)
SELECT workspace_id, md5(workspace_id || ' contact field ' || key)::uuid, key, left(upper(left(key, 1)) || replace(substr(key, 2), '_', ' '), 60),
  CASE WHEN plain THEN 'number' WHEN flags THEN 'yes_no' ELSE 'text' END, place, since, since
FROM (
  SELECT c.workspace_id, a.key, min(c.created_at) AS since,
    bool_and(CASE jsonb_typeof(a.value) WHEN 'number' THEN true WHEN 'string' THEN (a.value #>> '{}') ~ '^-?(0|[1-9][0-9]{0,14})([.][0-9]{1,6})?$' ELSE false END) AS plain,
    bool_and(jsonb_typeof(a.value) = 'boolean') AS flags,
    row_number() OVER (PARTITION BY c.workspace_id ORDER BY count(*) DESC, a.key) AS place
  FROM contacts c, jsonb_each(c.attributes) AS a(key, value)
  GROUP BY c.workspace_id, a.key
) AS used
WHERE place <= 200;
ALTER TABLE contacts FORCE ROW LEVEL SECURITY;

ALTER TABLE contact_fields ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE contact_fields ENABLE ROW LEVEL SECURITY;
ALTER TABLE contact_fields FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON contact_fields TO signalbox_app
  USING (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid))
  WITH CHECK (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON contact_fields TO signalbox_app;
