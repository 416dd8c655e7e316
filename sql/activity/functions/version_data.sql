-- The eight versioned fields as a version keeps them. end_time is null where there is no end of its own.
CREATE OR REPLACE FUNCTION activity.version_data(p_activity activity.activities)
RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp
AS $$
BEGIN
    RETURN jsonb_build_object(
        'title', p_activity.title,
        'description', p_activity.description,
        'location', p_activity.location,
        'start_time', wire_time(p_activity.scheduled_at),
        'end_time', wire_time(shown_end(p_activity)),
        'is_recurring', p_activity.is_recurring,
        'recurrence_type', p_activity.recurrence_type,
        'recurrence_pattern', p_activity.recurrence_pattern);
END $$;
