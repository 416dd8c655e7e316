CREATE OR REPLACE FUNCTION attendance.sp_attend(p_caller uuid, p_level activity.subscription_level, p_event bigint) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_activity activities := find_event(p_event, p_caller);
BEGIN
    IF v_activity.activity_id IS NULL OR NOT is_active(v_activity) THEN
        RETURN problem(404, 'Event not found or inactive');
    END IF;
    RETURN mark_reply(mark_attendance(v_activity.activity_id, p_caller, p_level, 'web'), v_activity.activity_id, p_caller, true);
END $$;
