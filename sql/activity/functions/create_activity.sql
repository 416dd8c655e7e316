-- Makes an activity: both rows, the organizer's own if they take part, version 1. A null row where the slug is taken (by a slug, or as the
-- text of some activity_id).
CREATE OR REPLACE FUNCTION activity.create_activity(p_fields jsonb, p_organizer_takes_part boolean)
RETURNS activity.activities LANGUAGE plpgsql SET search_path = activity, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    v_in       activities := jsonb_populate_record(NULL::activities, p_fields);
    v_places   places := jsonb_populate_record(NULL::places, p_fields);
    v_activity activities;
    v_now      timestamptz := clock_timestamp();
BEGIN
    PERFORM check_columns(p_fields, ARRAY[
        'slug', 'organizer_user_id', 'organizer_name', 'title', 'description', 'location', 'city', 'language', 'tags', 'activity_type',
        'activity_privacy_level', 'status', 'status_word', 'scheduled_at', 'date_text', 'ends_at', 'duration_minutes', 'clockless',
        'joinable_at_free', 'discord_channel_id', 'is_recurring', 'recurrence_type', 'recurrence_pattern',
        'max_participants', 'waitlist_enabled']);
    IF v_in.slug ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
       AND EXISTS (SELECT FROM activities a WHERE a.activity_id = v_in.slug::uuid AND a.deleted_at IS NULL) THEN
        RETURN NULL;
    END IF;
    v_in.status := coalesce(v_in.status, 'published');

    INSERT INTO activities (
        slug, organizer_user_id, organizer_name, title, description, location, city, language, tags, activity_type, activity_privacy_level,
        status, status_word, scheduled_at, date_text, ends_at, duration_minutes, clockless, joinable_at_free, discord_channel_id,
        is_recurring, recurrence_type, recurrence_pattern, created_at, completed_at, cancelled_at)
    VALUES (
        v_in.slug, v_in.organizer_user_id, v_in.organizer_name, v_in.title, v_in.description, v_in.location, v_in.city,
        coalesce(v_in.language, 'en'), coalesce(v_in.tags, '{}'), coalesce(v_in.activity_type, 'standard'),
        coalesce(v_in.activity_privacy_level, 'public'),
        v_in.status, CASE WHEN v_in.status = 'published' THEN v_in.status_word END,
        v_in.scheduled_at, CASE WHEN words_agree(v_in.date_text, v_in.scheduled_at) THEN v_in.date_text END,
        v_in.ends_at, CASE WHEN v_in.ends_at IS NULL THEN v_in.duration_minutes END,
        coalesce(v_in.clockless, false), v_in.joinable_at_free, v_in.discord_channel_id,
        coalesce(v_in.is_recurring, false), coalesce(v_in.recurrence_type, 'none'), v_in.recurrence_pattern, v_now,
        CASE WHEN v_in.status = 'completed' THEN v_now END, CASE WHEN v_in.status = 'cancelled' THEN v_now END)
        ON CONFLICT (slug) DO NOTHING
    RETURNING * INTO v_activity;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;

    INSERT INTO places (activity_id, decided_at, max_participants, current_participants_count, waitlist_enabled)
    VALUES (v_activity.activity_id, v_now, v_places.max_participants, p_organizer_takes_part::int,
            coalesce(v_places.waitlist_enabled, true));
    IF p_organizer_takes_part THEN
        INSERT INTO participants (activity_id, user_id, registered_at, joined_at, role)
        VALUES (v_activity.activity_id, v_activity.organizer_user_id, v_now, v_now, 'organizer');
    END IF;
    PERFORM emit('activity.created', v_activity.activity_id, v_activity.organizer_user_id);
    PERFORM record_version(v_activity, v_activity.organizer_user_id, 'created', 'Initial creation', NULL);
    RETURN v_activity;
END $$;
