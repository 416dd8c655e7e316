-- Takes an attendance back: the creator at any time, the person while the event runs. Who only walked in leaves, and frees the place.
CREATE OR REPLACE FUNCTION attendance.sp_remove_attendee(p_caller uuid, p_event bigint, p_user bigint) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_activity activities := find_event(p_event, p_caller);
    v_places places;
    v_user uuid;
    v_row participants;
    v_now timestamptz;
BEGIN
    IF v_activity.activity_id IS NOT NULL THEN
        v_places := lock_activity(v_activity.activity_id);
        SELECT * INTO v_activity FROM activities a WHERE a.activity_id = v_activity.activity_id AND a.deleted_at IS NULL;
    END IF;
    IF v_activity.activity_id IS NULL THEN
        RETURN problem(404, 'Event not found');
    END IF;
    SELECT u.user_id INTO v_user FROM users u WHERE u.number = p_user;
    IF p_caller IS DISTINCT FROM v_activity.organizer_user_id AND p_caller IS DISTINCT FROM v_user THEN
        RETURN problem(403, 'Not authorized to manage attendance of this event');
    END IF;
    SELECT * INTO v_row FROM participants t
    WHERE t.activity_id = v_activity.activity_id AND t.user_id = v_user AND t.attended_at IS NOT NULL;
    IF NOT FOUND THEN
        RETURN problem(404, 'Attendance not found');
    END IF;
    v_now := instant(v_places);
    IF p_caller IS DISTINCT FROM v_activity.organizer_user_id AND event_status(v_activity, v_now) <> 'active' THEN
        RETURN problem(400, 'Event has already ended');
    END IF;
    IF v_row.walk_in THEN
        PERFORM leave(v_places, v_user, false, NULL);
    ELSE
        PERFORM set_attendance(v_places, ARRAY[v_user], ARRAY['registered'::attendance_status], 'organizer', v_now);
    END IF;
    RETURN reply(204);
END $$;
