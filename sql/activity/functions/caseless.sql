-- A text as searches compare it, whatever the case: folded letter by letter, and then what a letter's neighbours or its language make of
-- it is undone. ß is SS in capitals, ς and σ are both Σ, ı and İ are a Turkish i's. ASCII has none of that and is folded in a third of the
-- time. Inlined; the index activities_search has the same.
CREATE OR REPLACE FUNCTION activity.caseless(p_text text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN octet_length(p_text) = char_length(p_text) THEN lower(p_text COLLATE "C") COLLATE activity.folded
           ELSE replace(replace(replace(replace(lower(p_text COLLATE activity.folded),
                                                U&'\00DF', 'ss'), U&'\03C2', U&'\03C3'), U&'\0131', 'i'), U&'i\0307', 'i') END
$$;
