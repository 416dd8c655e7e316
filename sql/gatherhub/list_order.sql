-- ORDER BY of a list from its `ordering`, which the document has checked against its choices; the id breaks ties in the same direction.
-- Only times that may be missing need NULLS LAST, by which no index is in order.
CREATE OR REPLACE FUNCTION gatherhub.list_order(p_ordering text, p_columns jsonb, p_id text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format('%s %s%s, %s %s', p_columns ->> s.key, s.way, CASE WHEN s.key IN ('due_date', 'ends_at') THEN ' NULLS LAST' ELSE '' END, p_id, s.way)
    FROM (SELECT ltrim(p_ordering, '-') AS key, CASE WHEN p_ordering LIKE '-%' THEN 'DESC' ELSE 'ASC' END AS way) s;
$$;
