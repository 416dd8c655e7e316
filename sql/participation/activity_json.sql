-- The object Activity.  p_takes_part: the organizer has a participant row.
-- Inlined into its callers, so it pins nothing and names every schema.
CREATE OR REPLACE FUNCTION participation.activity_json(p_activity activity.activities, p_places activity.places,
                                            p_organizer activity.users, p_takes_part boolean)
RETURNS json
LANGUAGE sql STABLE AS $$
    SELECT json_build_object(
        'activity_id', p_activity.activity_id,
        'number', p_activity.number,
        'slug', p_activity.slug,
        'organizer_user_id', p_activity.organizer_user_id,
        'organizer_username', coalesce(activity.username_of(p_organizer), p_activity.organizer_name, ''),
        'title', p_activity.title,
        'description', p_activity.description,
        'activity_type', p_activity.activity_type,
        'privacy', p_activity.activity_privacy_level,
        'status', p_activity.status,
        'scheduled_at', activity.wire_time(p_activity.scheduled_at),
        'duration_minutes', coalesce(p_activity.duration_minutes,
                                     trunc(extract(epoch FROM p_activity.ends_at - p_activity.scheduled_at) / 60)::bigint),
        'joinable_at_free', activity.wire_time(p_activity.joinable_at_free),
        'max_participants', p_places.max_participants,
        'waitlist_enabled', p_places.waitlist_enabled,
        'organizer_participates', p_takes_part,
        'current_participants_count', p_places.current_participants_count,
        'waitlist_count', p_places.waitlist_count,
        'location_name', p_activity.location,
        'city', p_activity.city,
        'language', p_activity.language,
        'tags', p_activity.tags,
        'created_at', activity.wire_time(p_activity.created_at),
        'updated_at', activity.wire_time(coalesce(p_activity.updated_at, p_activity.created_at)),
        'completed_at', activity.wire_time(p_activity.completed_at),
        'cancelled_at', activity.wire_time(p_activity.cancelled_at));
$$;
