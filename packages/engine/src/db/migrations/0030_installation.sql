-- What this database is called in Temporal, where several installations may share a namespace: the prefix of its task queues and of its
-- dispatchers' workflows. A database from before keeps the plain names, under which its workflows are open.
CREATE TABLE installation (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  id uuid NOT NULL,
  prefix text NOT NULL
);
-- The owner may be no superuser: row-level security, forced, would hide that there are workspaces.
ALTER TABLE workspaces NO FORCE ROW LEVEL SECURITY;
INSERT INTO installation (id, prefix)
SELECT id, CASE WHEN EXISTS (SELECT 1 FROM workspaces) THEN 'signalbox' ELSE 'signalbox-' || substr(replace(id::text, '-', ''), 1, 12) END
FROM (SELECT gen_random_uuid() AS id) AS made;
ALTER TABLE workspaces FORCE ROW LEVEL SECURITY;
GRANT SELECT ON installation TO signalbox_app, signalbox_router;
