-- Some countries write one phone in two ways (Mexico +52 and +521, Argentina +54 and +549, Brazil's ninth digit). Whoever opted out
-- under one of them has opted out under the other, also where that happened before both were known to be one phone.
ALTER TABLE numbers NO FORCE ROW LEVEL SECURITY;
INSERT INTO numbers AS n (workspace_id, number, suppressed_at, suppressed_reason)
SELECT DISTINCT ON (s.workspace_id, other.number) s.workspace_id, other.number, s.suppressed_at, s.suppressed_reason
FROM numbers s
CROSS JOIN LATERAL (
  SELECT unnest(CASE
    WHEN s.number ~ '^\+521?\d{10}$' THEN ARRAY[regexp_replace(s.number, '^\+521?(\d{10})$', '+52\1'), regexp_replace(s.number, '^\+521?(\d{10})$', '+521\1')]
    WHEN s.number ~ '^\+549?(?:11|[23]\d)\d{8}$' THEN ARRAY[regexp_replace(s.number, '^\+549?(\d{10})$', '+549\1'), regexp_replace(s.number, '^\+549?(\d{10})$', '+54\1')]
    WHEN s.number ~ '^\+55[1-9]\d9?[6-9]\d{7}$' THEN ARRAY[regexp_replace(s.number, '^\+55(\d\d)9?(\d{8})$', '+55\19\2'), regexp_replace(s.number, '^\+55(\d\d)9?(\d{8})$', '+55\1\2')]
    ELSE ARRAY[]::text[]
  END) AS number
) other
WHERE s.suppressed_at IS NOT NULL AND other.number <> s.number
ORDER BY s.workspace_id, other.number, s.suppressed_at
ON CONFLICT (workspace_id, number) DO UPDATE SET suppressed_at = excluded.suppressed_at, suppressed_reason = excluded.suppressed_reason
WHERE n.suppressed_at IS NULL;
ALTER TABLE numbers FORCE ROW LEVEL SECURITY;
