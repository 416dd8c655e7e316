-- The patch that brings a version's data back: an end that was none is none again.
CREATE OR REPLACE FUNCTION activity.version_patch(p_data jsonb)
RETURNS jsonb LANGUAGE sql STABLE
AS $$
    SELECT (p_data - 'start_time' - 'end_time')
        || jsonb_build_object('scheduled_at', p_data -> 'start_time', 'ends_at', p_data -> 'end_time')
$$;
