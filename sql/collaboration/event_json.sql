-- An event as every reply shows it, with the caller's level.
CREATE OR REPLACE FUNCTION collaboration.event_json(p_activity activity.activities, p_permission activity.grant_level) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN jsonb_build_object(
        'id', p_activity.number, 'title', p_activity.title, 'description', p_activity.description,
        'location', p_activity.location, 'start_time', wire_time(p_activity.scheduled_at), 'end_time', wire_time(p_activity.over_at),
        'is_recurring', p_activity.is_recurring, 'recurrence_type', p_activity.recurrence_type,
        'recurrence_pattern', p_activity.recurrence_pattern,
        'owner_id', (SELECT u.number FROM users u WHERE u.user_id = p_activity.organizer_user_id),
        'version', p_activity.version, 'created_at', wire_time(p_activity.created_at), 'updated_at', wire_time(p_activity.updated_at),
        'activity_id', p_activity.activity_id, 'permission', p_permission);
END $$;
