-- The pattern by which a caseless text is LIKE one that contains these words literally: %, _ and \ are themselves.
CREATE OR REPLACE FUNCTION activity.contains(p_words text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT '%' || regexp_replace(activity.caseless(p_words), '([\\%_])', '\\\1', 'g') || '%'
$$;
