-- What holds for a whole workspace. Until somebody says otherwise it is what held for everybody before: numbers without a country code
-- were numbers of the United States.
ALTER TABLE workspaces
  -- ISO 3166-1 alpha-2.
  ADD COLUMN home_country text NOT NULL DEFAULT 'US' CHECK (home_country ~ '^[A-Z]{2}$'),
  -- ISO 4217: what spending is told and limited in.
  ADD COLUMN currency text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
  -- BCP 47: what the workspace's texts are written in.
  ADD COLUMN language text NOT NULL DEFAULT 'en',
  -- Whom people are told that a message is from; null until somebody says so.
  ADD COLUMN brand text,
  -- The host of short links; null until there is one.
  ADD COLUMN link_domain text;
