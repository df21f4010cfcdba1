-- What came with a text besides its words, such as pictures: addresses and types, as the provider names them. Null where nothing did.
ALTER TABLE messages ADD COLUMN media jsonb;
