-- Brings a deleted event back, within 30 days, for an owner.
CREATE OR REPLACE FUNCTION collaboration.sp_restore_event(p_caller uuid, p_event bigint, p_allow_conflicts boolean) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities;
    v_conflict reply;
BEGIN
    SELECT * INTO v_activity FROM activities a WHERE a.number = p_event;
    IF NOT p_allow_conflicts AND v_activity.organizer_user_id IS NOT NULL THEN
        PERFORM lock_calendar(v_activity.organizer_user_id);
    END IF;
    IF v_activity.activity_id IS NOT NULL THEN
        PERFORM lock_activity(v_activity.activity_id);
        SELECT * INTO v_activity FROM activities a WHERE a.number = p_event;
    END IF;
    IF v_activity.deleted_at IS NULL OR v_activity.deleted_at < clock_timestamp() - interval '30 days'
       OR v_activity.status NOT IN ('published', 'completed')
       OR (v_activity.organizer_user_id IS DISTINCT FROM p_caller
           AND NOT EXISTS (SELECT FROM permissions g
                           WHERE g.activity_id = v_activity.activity_id AND g.user_id = p_caller AND g.level = 'owner')) THEN
        RETURN problem(404, 'Event not found');
    END IF;
    IF NOT p_allow_conflicts AND v_activity.organizer_user_id IS NOT NULL AND shown_end(v_activity) IS NOT NULL THEN
        v_conflict := conflict_reply(v_activity.organizer_user_id, v_activity.scheduled_at, shown_end(v_activity),
                                     v_activity.activity_id, p_caller);
        IF v_conflict.status IS NOT NULL THEN
            RETURN v_conflict;
        END IF;
    END IF;
    PERFORM restore_activity(v_activity.activity_id, p_caller);
    RETURN event_reply(200, v_activity.activity_id, p_caller);
END $$;
