-- Keywords at one sender or at any, within hours; answers to texts that nothing else took.
ALTER TABLE flow_triggers
  DROP CONSTRAINT flow_triggers_kind_check,
  ADD CONSTRAINT flow_triggers_kind_check CHECK (kind IN ('keyword', 'text', 'api')),
  -- Our sender at which it hears texts; the empty one is any.
  ADD COLUMN sender text NOT NULL DEFAULT '',
  -- When it hears texts, on the workspace's clocks; always where there are none.
  ADD COLUMN hours jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN once_a_day boolean NOT NULL DEFAULT false,
  ADD COLUMN did_you_mean boolean NOT NULL DEFAULT false,
  DROP CONSTRAINT flow_triggers_pkey,
  ADD PRIMARY KEY (workspace_id, flow_id, step, kind, value, sender);
DROP INDEX flow_triggers_keyword;
CREATE UNIQUE INDEX flow_triggers_keyword ON flow_triggers (workspace_id, value, sender) WHERE kind = 'keyword';
CREATE UNIQUE INDEX flow_triggers_text ON flow_triggers (workspace_id, value, sender) WHERE kind = 'text';
