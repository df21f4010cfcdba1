-- What language a person reads, as a tag such as pt-BR: which text of a template they get.
ALTER TABLE contacts ADD COLUMN language text;
