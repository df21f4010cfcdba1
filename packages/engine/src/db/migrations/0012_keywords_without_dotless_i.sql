-- Keywords are compared with the i of any alphabet as one letter, so that KAYIT means the keyword that is shown as KAYIT. Stored ones follow,
-- unless another flow has that word already: then they stay what they were, and the other is met.
ALTER TABLE flow_triggers NO FORCE ROW LEVEL SECURITY;
UPDATE flow_triggers t SET value = replace(t.value, 'ı', 'i')
WHERE t.kind = 'keyword' AND t.value LIKE '%ı%' AND t.ctid = (
  SELECT min(s.ctid) FROM flow_triggers s
  WHERE s.workspace_id = t.workspace_id AND s.kind = 'keyword' AND replace(s.value, 'ı', 'i') = replace(t.value, 'ı', 'i')
) AND NOT EXISTS (
  SELECT 1 FROM flow_triggers s WHERE s.workspace_id = t.workspace_id AND s.kind = 'keyword' AND s.value = replace(t.value, 'ı', 'i')
);
ALTER TABLE flow_triggers FORCE ROW LEVEL SECURITY;
