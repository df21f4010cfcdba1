-- Which of its provider's ways an account goes by, as its fields say it, where what it sends depends on that: none of it is secret.
ALTER TABLE accounts ADD COLUMN options jsonb NOT NULL DEFAULT '{}';
