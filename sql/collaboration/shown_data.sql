-- The eight fields of a version as replies show them: an event without an end of its own is shown to end 24 hours after its start, at most
-- when time ends.
CREATE OR REPLACE FUNCTION collaboration.shown_data(p_data jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    IF p_data ->> 'end_time' IS NOT NULL THEN
        RETURN p_data;
    END IF;
    RETURN p_data || jsonb_build_object('end_time', wire_time(least((p_data ->> 'start_time')::timestamptz + interval '24 hours',
                                                                    timestamptz '9999-12-31 23:59:59.999999+00')));
END $$;
