-- Which version of a template a message was made of, in which language, and whether something was not known of its person that the text
-- names: what results are told by.
ALTER TABLE messages ADD COLUMN template_version_id uuid;
ALTER TABLE messages ADD COLUMN template_language text;
ALTER TABLE messages ADD COLUMN template_gaps boolean;
CREATE INDEX messages_template ON messages (workspace_id, template_version_id, id) WHERE template_version_id IS NOT NULL;
