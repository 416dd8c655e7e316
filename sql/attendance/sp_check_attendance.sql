CREATE OR REPLACE FUNCTION attendance.sp_check_attendance(p_caller uuid, p_event bigint) RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_activity activities := find_event(p_event, p_caller);
    v_at timestamptz;
BEGIN
    IF v_activity.activity_id IS NULL THEN
        RETURN problem(404, 'Event not found');
    END IF;
    SELECT t.attended_at INTO v_at FROM participants t WHERE t.activity_id = v_activity.activity_id AND t.user_id = p_caller;
    RETURN reply(200, jsonb_build_object(
        'attended', v_at IS NOT NULL, 'user_id', (SELECT u.number FROM users u WHERE u.user_id = p_caller),
        'event_id', v_activity.number, 'attended_at', wire_time(v_at)));
END $$;
