-- An event as everybody sees it; what depends on the reader is added by event_json.
CREATE OR REPLACE FUNCTION gatherhub.event_object(p_activity activity.activities, p_places activity.places) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'id', p_activity.number, 'title', coalesce(p_activity.title, ''), 'description', coalesce(p_activity.description, ''),
        'date', wire_time(p_activity.scheduled_at), 'end_date', wire_time(p_activity.ends_at),
        'location', coalesce(p_activity.location, ''), 'max_participants', coalesce(p_places.max_participants, 100000),
        'current_participants', p_places.current_participants_count, 'status', event_status(p_activity, clock_timestamp()),
        'activity_id', p_activity.activity_id,
        'creator', person(p_activity.organizer_user_id, p_activity.organizer_name),
        'created_at', wire_time(p_activity.created_at), 'updated_at', wire_time(coalesce(p_activity.updated_at, p_activity.created_at))));
END $$;
