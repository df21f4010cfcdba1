-- A provider that signs nothing is told an address that nobody can guess. Null where requests are signed.
ALTER TABLE accounts ADD COLUMN webhook_key text;

-- What a provider that signs nothing proves itself with besides, where somebody set it up there: HTTP Basic (sealed, as the credentials
-- are), and addresses that it calls from.
ALTER TABLE accounts ADD COLUMN webhook_login bytea, ADD COLUMN webhook_networks text[] NOT NULL DEFAULT '{}';

-- Credentials that were replaced: what a provider still signs with them is believed until then.
ALTER TABLE accounts ADD COLUMN previous_secret bytea, ADD COLUMN previous_until timestamptz;

-- Of an account whose provider cannot reach us: until when it was asked what came, and until when somebody is asking.
ALTER TABLE accounts ADD COLUMN polled_until timestamptz, ADD COLUMN poll_lease_until timestamptz;

-- What a receipt's code means, whichever provider it came from; null where nothing failed or nobody knows the code.
ALTER TABLE message_receipts ADD COLUMN failure text;

-- Texts that a provider hands over in parts, each kept until all of them are there or the rest is given up, and a while longer, so that
-- one that comes again is known.
CREATE TABLE text_parts (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  account_id uuid NOT NULL,
  provider_id text NOT NULL,
  number text NOT NULL,
  sender text NOT NULL,
  -- Which long text of this person to this sender; phones use the same ones again.
  reference text NOT NULL,
  part smallint NOT NULL CHECK (part BETWEEN 1 AND 255),
  parts smallint NOT NULL CHECK (parts BETWEEN 1 AND 255),
  body text NOT NULL,
  media jsonb,
  received_at timestamptz NOT NULL,
  joined_at timestamptz,
  PRIMARY KEY (workspace_id, account_id, provider_id),
  FOREIGN KEY (workspace_id, account_id) REFERENCES accounts ON DELETE CASCADE
);
CREATE INDEX text_parts_open ON text_parts (workspace_id, account_id, number, sender, reference) WHERE joined_at IS NULL;
CREATE INDEX text_parts_by_age ON text_parts (workspace_id, received_at);
ALTER TABLE text_parts ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE text_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE text_parts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON text_parts TO signalbox_app
  USING (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid))
  WITH CHECK (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON text_parts TO signalbox_app;
CREATE POLICY router ON text_parts FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, received_at, joined_at) ON text_parts TO signalbox_router;
