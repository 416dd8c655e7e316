-- An event as every reply shows it. The counts are those of all participants, of whatever API.
CREATE OR REPLACE FUNCTION registration.event_json(p_activity activity.activities, p_places activity.places) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = registration, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT json_build_object(
        'eventId', event_id(p_activity),
        'title', coalesce(p_activity.title, ''),
        'description', coalesce(p_activity.description, ''),
        'date', coalesce(p_activity.date_text,
                         to_char(p_activity.scheduled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), ''),
        'location', coalesce(p_activity.location, ''),
        'capacity', p_places.max_participants,
        'organizer', coalesce(p_activity.organizer_name, (SELECT coalesce(nullif(u.name, ''), u.username) FROM users u
                                                          WHERE u.user_id = p_activity.organizer_user_id), ''),
        'status', event_word(p_activity),
        'hasWaitlist', p_places.waitlist_enabled,
        'confirmedCount', p_places.current_participants_count,
        'waitlistedCount', p_places.waitlist_count));
END $$;
