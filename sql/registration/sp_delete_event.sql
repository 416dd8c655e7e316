CREATE OR REPLACE FUNCTION registration.sp_delete_event(p_caller uuid, p_refusal text, p_event text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, activity, pg_temp AS $$
DECLARE
    v record := locked_event(p_event, p_caller);
    v_why text;
BEGIN
    IF (v.event).activity_id IS NULL THEN
        RETURN problem(404, format('Event with ID %s not found', p_event));
    END IF;
    v_why := may_change(v.event, p_caller, p_refusal, p_event, false);
    IF v_why IS NOT NULL THEN
        RETURN problem(403, v_why);
    END IF;
    PERFORM delete_activity((v.event).activity_id, p_caller);
    RETURN reply(200, json_build_object('message', 'Event deleted successfully'));
END $$;
