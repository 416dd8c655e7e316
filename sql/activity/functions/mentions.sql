-- Whether an activity's title or description contains a word, whatever the case. Inlined, it is the expression of activities_search (for
-- which the collation must be said here as well), between whose two parts stands a line feed, which no word has.
CREATE OR REPLACE FUNCTION activity.mentions(p_activity activity.activities, p_word text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT activity.caseless((p_activity.title || E'\n' || coalesce(p_activity.description, '')) COLLATE activity.folded)
           LIKE activity.contains(p_word)
$$;
