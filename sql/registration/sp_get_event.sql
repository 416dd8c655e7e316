CREATE OR REPLACE FUNCTION registration.sp_get_event(p_caller uuid, p_event text) RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = registration, activity, pg_temp AS $$
DECLARE
    v_activity activities := find_event(p_event, p_caller);
    v_json json;
BEGIN
    -- Read again with its places in one statement, so that both are of one moment.
    SELECT event_json(a, p) INTO v_json
    FROM activities a JOIN places p USING (activity_id)
    WHERE a.activity_id = v_activity.activity_id AND a.deleted_at IS NULL;
    IF v_json IS NULL THEN
        RETURN problem(404, format('Event with ID %s not found', p_event));
    END IF;
    RETURN reply(200, v_json);
END $$;
