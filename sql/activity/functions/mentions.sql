-- Whether an activity's title or description contains a word, whatever the case. The expression is the one of activities_search, between
-- whose two parts stands a line feed, which no word has. Inlined.
CREATE OR REPLACE FUNCTION activity.mentions(p_activity activity.activities, p_word text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT lower((p_activity.title || E'\n' || coalesce(p_activity.description, '')) COLLATE activity.folded) LIKE activity.contains(p_word)
$$;
