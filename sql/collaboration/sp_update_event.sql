-- Changes the members given: one version, or none where nothing differs.
CREATE OR REPLACE FUNCTION collaboration.sp_update_event(p_caller uuid, p_event bigint, p_if_match text, p_body json, p_allow_conflicts boolean)
RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := find_event(p_event);
    v_refusal reply;
    v_start timestamptz := (p_body ->> 'start_time')::timestamptz;
    v_end timestamptz := (p_body ->> 'end_time')::timestamptz;
    v_interval boolean := v_start IS NOT NULL OR v_end IS NOT NULL;
    v_looks boolean := v_interval AND NOT p_allow_conflicts AND v_activity.organizer_user_id IS NOT NULL;
BEGIN
    IF v_looks THEN
        PERFORM lock_calendar(v_activity.organizer_user_id);
    END IF;
    v_activity := locked_event(v_activity);
    v_refusal := refuse(v_activity, p_caller, 'editor', 'Insufficient permissions to update event');
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    ELSIF p_if_match IS NOT NULL AND NOT names_version(p_if_match, v_activity.version) THEN
        RETURN modified(v_activity.version);
    END IF;
    IF v_interval THEN
        v_start := coalesce(v_start, v_activity.scheduled_at);
        v_end := coalesce(v_end, shown_end(v_activity));
        IF v_end <= v_start THEN
            RETURN invalid('["body", "end_time"]', 'End time must be after start time');
        END IF;
    END IF;
    IF v_looks AND v_end IS NOT NULL AND (v_start, v_end) IS DISTINCT FROM (v_activity.scheduled_at, shown_end(v_activity)) THEN
        v_refusal := conflict_reply(v_activity.organizer_user_id, v_start, v_end, v_activity.activity_id, p_caller);
        IF v_refusal.status IS NOT NULL THEN
            RETURN v_refusal;
        END IF;
    END IF;
    PERFORM edit_activity(v_activity.activity_id, change_patch(v_activity, p_body), p_caller, p_body ->> 'change_reason', 'end');
    RETURN event_reply(200, v_activity.activity_id, p_caller);
END $$;
