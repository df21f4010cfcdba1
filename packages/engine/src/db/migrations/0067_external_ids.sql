-- What another system calls a person: one person a name, in a workspace.
ALTER TABLE contacts ADD COLUMN external_id text;
CREATE UNIQUE INDEX contacts_external_id ON contacts (workspace_id, external_id) WHERE external_id IS NOT NULL;
