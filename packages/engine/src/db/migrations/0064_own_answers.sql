-- What a workspace answers STOP, START and HELP with; the brand goes before each. Null is the text of the person's language.
ALTER TABLE workspaces
  ADD COLUMN stop_answer text,
  ADD COLUMN start_answer text,
  ADD COLUMN help_answer text;
