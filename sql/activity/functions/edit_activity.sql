-- The one way in which an activity changes. Says which columns did; a version is made if one of the eight fields did (or something is
-- rolled back), updated_at moves if anything did, the line is settled. Nothing is written where the outcome is a refusal or nothing
-- differs. Presumes the lock; who may, and the owner's calendar, are the API's.
CREATE OR REPLACE FUNCTION activity.edit_activity(p_activity uuid, p_patch jsonb, p_by uuid, p_reason text DEFAULT NULL,
                                                  p_keeps text DEFAULT 'duration', p_rollback int DEFAULT NULL)
RETURNS activity.edition LANGUAGE plpgsql SET search_path = activity, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    c_columns constant text[] := ARRAY[
        'organizer_name', 'title', 'description', 'location', 'city', 'language', 'tags', 'activity_type', 'activity_privacy_level',
        'status', 'status_word', 'scheduled_at', 'date_text', 'ends_at', 'duration_minutes', 'clockless', 'joinable_at_free',
        'discord_channel_id', 'is_recurring', 'recurrence_type', 'recurrence_pattern'];
    v          edition;
    v_old      activities;
    v_new      activities;
    v_places   places;
    v_room     places;
    v_now      timestamptz;
    v_versions boolean;
    v_was      jsonb;
    v_is       jsonb;
BEGIN
    PERFORM check_columns(p_patch, c_columns || ARRAY['max_participants', 'waitlist_enabled']);
    v.promoted := '{}';
    SELECT * INTO v_old FROM activities WHERE activity_id = p_activity AND deleted_at IS NULL;
    IF NOT FOUND THEN
        v.outcome := 'not-found';
        RETURN v;
    END IF;
    SELECT * INTO v_places FROM places WHERE activity_id = p_activity;
    v_now := instant(v_places);
    v_new := patched(v_old, p_patch, p_keeps, v_now);
    v_room := jsonb_populate_record(v_places, p_patch);
    v.version := v_old.version;
    v.current_participants_count := v_places.current_participants_count;

    IF v_new.ends_at <= v_new.scheduled_at THEN
        v.outcome := 'end-before-start';
        RETURN v;
    END IF;
    IF over_full(v_places, v_room.max_participants) THEN
        v.outcome := 'capacity-too-low';
        RETURN v;
    END IF;

    v_was := to_jsonb(v_old) || jsonb_build_object('max_participants', v_places.max_participants,
                                                   'waitlist_enabled', v_places.waitlist_enabled);
    v_is := to_jsonb(v_new) || jsonb_build_object('max_participants', v_room.max_participants,
                                                  'waitlist_enabled', v_room.waitlist_enabled);
    v.changed := ARRAY(SELECT c FROM unnest(c_columns || ARRAY['max_participants', 'waitlist_enabled']) WITH ORDINALITY t (c, place)
                        WHERE v_was -> c IS DISTINCT FROM v_is -> c ORDER BY place);
    IF v.changed = '{}' AND p_rollback IS NULL THEN
        v.outcome := 'unchanged';
        RETURN v;
    END IF;
    v.outcome := 'changed';

    IF v.changed && ARRAY['max_participants', 'waitlist_enabled'] THEN
        UPDATE places SET max_participants = v_room.max_participants, waitlist_enabled = v_room.waitlist_enabled, decided_at = v_now
         WHERE activity_id = p_activity;
    END IF;
    v_was := version_data(v_old);
    v_is := version_data(v_new);
    v_versions := v_was <> v_is OR p_rollback IS NOT NULL;
    UPDATE activities
       SET organizer_name = v_new.organizer_name, title = v_new.title, description = v_new.description, location = v_new.location,
           city = v_new.city, language = v_new.language, tags = v_new.tags, activity_type = v_new.activity_type,
           activity_privacy_level = v_new.activity_privacy_level, status = v_new.status, status_word = v_new.status_word,
           scheduled_at = v_new.scheduled_at, date_text = v_new.date_text, ends_at = v_new.ends_at,
           duration_minutes = v_new.duration_minutes, clockless = v_new.clockless, joinable_at_free = v_new.joinable_at_free,
           discord_channel_id = v_new.discord_channel_id, is_recurring = v_new.is_recurring, recurrence_type = v_new.recurrence_type,
           recurrence_pattern = v_new.recurrence_pattern, completed_at = v_new.completed_at, cancelled_at = v_new.cancelled_at,
           version = version + v_versions::int, updated_at = v_now
     WHERE activity_id = p_activity
    RETURNING * INTO v_new;
    v.version := v_new.version;

    PERFORM emit('activity.updated', p_activity, p_by,
                 p_payload => jsonb_build_object('changed', v.changed, 'was', v_old.status, 'status', v_new.status));
    IF v_versions THEN
        PERFORM record_version(v_new, p_by, CASE WHEN p_rollback IS NULL THEN 'updated' ELSE 'rolled_back' END::version_kind,
                               coalesce('Rollback to version ' || p_rollback, change_summary(v_was, v_is)), p_reason);
    END IF;
    v.promoted := settle(p_activity);
    v.current_participants_count := v.current_participants_count + cardinality(v.promoted);
    RETURN v;
END $$;
