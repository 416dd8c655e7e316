CREATE OR REPLACE FUNCTION attendance.event_json(p_activity activity.activities, p_places activity.places) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = attendance, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'id', p_activity.number, 'uuid', p_activity.activity_id,
        'title', coalesce(p_activity.title, ''), 'description', p_activity.description,
        'start_time', wire_time(p_activity.scheduled_at), 'end_time', wire_time(p_activity.over_at),
        'discord_channel_id', p_activity.discord_channel_id,
        'is_active', is_active(p_activity),
        'user_id', (SELECT u.number FROM users u WHERE u.user_id = p_activity.organizer_user_id),
        'capacity', p_places.max_participants, 'attendee_count', p_places.attended_count,
        'created_at', wire_time(p_activity.created_at), 'updated_at', wire_time(p_activity.updated_at)));
END $$;
