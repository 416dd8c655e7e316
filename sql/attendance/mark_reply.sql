-- The reply to a mark on the web: what was attended, by whom, or why not.
CREATE OR REPLACE FUNCTION attendance.mark_reply(p_mark activity.mark, p_activity uuid, p_user uuid, p_with_email boolean) RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_activity activities;
    v_places places;
    v_user users;
BEGIN
    SELECT * INTO v_activity FROM activities a WHERE a.activity_id = p_activity;
    IF p_mark.outcome = 'not-found' THEN
        RETURN problem(404, 'Event not found or inactive');
    ELSIF p_mark.outcome = 'not-allowed' THEN
        RETURN problem(403, mark_error(p_mark, v_activity));
    ELSIF p_mark.outcome <> 'marked' THEN
        RETURN reply(400, jsonb_build_object('detail', jsonb_build_object(
            'error', mark_error(p_mark, v_activity), 'event_status', status_json(v_activity, p_mark.instant))));
    END IF;
    SELECT * INTO v_places FROM places p WHERE p.activity_id = p_activity;
    SELECT * INTO v_user FROM users u WHERE u.user_id = p_user;
    RETURN reply(200, jsonb_build_object(
        'success', true, 'message', 'Attendance marked successfully',
        'event', event_json(v_activity, v_places), 'user', user_json(v_user, p_with_email),
        'attended_at', wire_time(p_mark.attended_at)));
END $$;
