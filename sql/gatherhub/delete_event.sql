CREATE OR REPLACE FUNCTION gatherhub.delete_event(p_caller uuid, p_event bigint) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := locked_event(p_event, p_caller);
BEGIN
    IF v_activity.activity_id IS NULL THEN
        RETURN event_missing();
    ELSIF v_activity.organizer_user_id IS DISTINCT FROM p_caller THEN
        RETURN problem(403, 'permission_denied', 'Only the event creator can delete this event');
    END IF;
    PERFORM delete_activity(v_activity.activity_id, p_caller);
    RETURN reply(204);
END $$;
