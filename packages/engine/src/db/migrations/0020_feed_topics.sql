-- What changed besides flows and contacts: a topic and the ids, as the API shows them. Screens that come later need no column of their own.
ALTER TABLE feed ADD COLUMN topic text;
ALTER TABLE feed ADD COLUMN ids text[] NOT NULL DEFAULT '{}';
GRANT SELECT (topic, ids) ON feed TO signalbox_router;
