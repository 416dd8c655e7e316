-- The pattern by which a folded text is LIKE one that contains these words literally: %, _ and \ are themselves.
CREATE OR REPLACE FUNCTION activity.contains(p_words text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT '%' || regexp_replace(lower(p_words COLLATE activity.folded), '([\\%_])', '\\\1', 'g') || '%'
$$;
