CREATE OR REPLACE FUNCTION attendance.sp_get_event(p_caller uuid, p_event bigint) RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_activity activities := find_event(p_event, p_caller);
    v_json jsonb;
BEGIN
    SELECT event_json(a, p) INTO v_json FROM activities a JOIN places p USING (activity_id)
    WHERE a.activity_id = v_activity.activity_id AND a.deleted_at IS NULL;
    IF v_json IS NULL THEN
        RETURN problem(404, 'Event not found');
    END IF;
    RETURN reply(200, v_json);
END $$;
