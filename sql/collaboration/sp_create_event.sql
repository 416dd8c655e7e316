CREATE OR REPLACE FUNCTION collaboration.sp_create_event(p_caller uuid, p_body json, p_allow_conflicts boolean) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_conflict reply;
    v_activity activities;
BEGIN
    IF NOT p_allow_conflicts THEN
        PERFORM lock_calendar(p_caller);
        v_conflict := conflict_reply(p_caller, (p_body ->> 'start_time')::timestamptz, (p_body ->> 'end_time')::timestamptz, NULL, p_caller);
        IF v_conflict.status IS NOT NULL THEN
            RETURN v_conflict;
        END IF;
    END IF;
    v_activity := create_activity(new_fields(p_caller, p_body), false);
    RETURN event_reply(201, v_activity.activity_id, p_caller);
END $$;
