-- Writes the eight fields of a version as a new one; all between is kept.
CREATE OR REPLACE FUNCTION collaboration.sp_rollback_event(p_caller uuid, p_event bigint, p_version bigint, p_if_match text, p_reason text,
                                                p_allow_conflicts boolean) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := find_event(p_event);
    v_refusal reply;
    v_data jsonb;
    v_start timestamptz;
    v_end timestamptz;
BEGIN
    IF NOT p_allow_conflicts AND v_activity.organizer_user_id IS NOT NULL THEN
        PERFORM lock_calendar(v_activity.organizer_user_id);
    END IF;
    v_activity := locked_event(v_activity);
    v_refusal := refuse(v_activity, p_caller, 'editor', 'Insufficient permissions to rollback event');
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT s.data INTO v_data FROM activity_versions s WHERE s.activity_id = v_activity.activity_id AND s.version_number = p_version;
    IF NOT FOUND THEN
        RETURN problem(404, format('Version %s not found', p_version));
    ELSIF p_if_match IS NOT NULL AND NOT names_version(p_if_match, v_activity.version) THEN
        RETURN modified(v_activity.version);
    END IF;
    v_start := (v_data ->> 'start_time')::timestamptz;
    v_end := (v_data ->> 'end_time')::timestamptz;
    IF NOT p_allow_conflicts AND v_activity.organizer_user_id IS NOT NULL AND v_end IS NOT NULL
       AND (v_start, v_end) IS DISTINCT FROM (v_activity.scheduled_at, shown_end(v_activity)) THEN
        v_refusal := conflict_reply(v_activity.organizer_user_id, v_start, v_end, v_activity.activity_id, p_caller);
        IF v_refusal.status IS NOT NULL THEN
            RETURN v_refusal;
        END IF;
    END IF;
    PERFORM edit_activity(v_activity.activity_id, version_patch(v_data), p_caller, p_reason, 'end', p_version::int);
    RETURN event_reply(200, v_activity.activity_id, p_caller);
END $$;
