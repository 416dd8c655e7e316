-- Whether the words in which a date was given still mean this instant (without an offset they are UTC). Words of another form mean nothing.
CREATE OR REPLACE FUNCTION activity.words_agree(p_words text, p_instant timestamptz)
RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp SET timezone = 'UTC'
AS $$
BEGIN
    RETURN p_words ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?$'
           AND p_words::timestamptz = p_instant;
END $$;
