-- The creator keeps the list right: from the start on, and after the end too.
CREATE OR REPLACE FUNCTION attendance.sp_add_attendee(p_caller uuid, p_event bigint, p_user bigint) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_activity activities := find_event(p_event, p_caller);
    v_user users;
BEGIN
    IF v_activity.activity_id IS NULL OR NOT is_active(v_activity) THEN
        RETURN problem(404, 'Event not found or inactive');
    END IF;
    IF v_activity.organizer_user_id IS DISTINCT FROM p_caller THEN
        RETURN problem(403, 'Not authorized to manage attendance of this event');
    END IF;
    SELECT * INTO v_user FROM users u WHERE u.number = p_user AND u.is_active;
    IF NOT FOUND THEN
        RETURN problem(404, 'User not found');
    END IF;
    RETURN mark_reply(mark_attendance(v_activity.activity_id, v_user.user_id, v_user.subscription_level, 'organizer'),
                      v_activity.activity_id, v_user.user_id, v_user.user_id = p_caller);
END $$;
