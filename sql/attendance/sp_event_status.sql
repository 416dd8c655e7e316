CREATE OR REPLACE FUNCTION attendance.sp_event_status(p_caller uuid, p_event bigint) RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_activity activities := find_event(p_event, p_caller);
BEGIN
    IF v_activity.activity_id IS NULL OR NOT is_active(v_activity) THEN
        RETURN problem(404, 'Event not found');
    END IF;
    RETURN reply(200, status_json(v_activity, clock_timestamp()));
END $$;
