-- leaveActivity: gives up a place, which goes to the first in line, or a place in line.
CREATE OR REPLACE FUNCTION activity.sp_leave_activity(p_activity uuid, p_user uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v           record;
    v_departure departure;
BEGIN
    v := locked_activity(p_activity, p_user);
    IF (v.activity).activity_id IS NULL THEN
        RETURN problem(404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
    END IF;
    IF (v.activity).organizer_user_id = p_user THEN
        RETURN problem(403, 'IS_ORGANIZER', 'Organizer cannot leave activity');
    END IF;
    IF phase(v.activity, instant(v.places)) <> 'ahead' THEN
        RETURN problem(400, 'ACTIVITY_IN_PAST', 'Cannot leave past activities');
    END IF;
    v_departure := leave(v.places, p_user, false, NULL);
    IF v_departure.was IS NULL THEN
        RETURN problem(400, 'NOT_PARTICIPANT', 'Not a participant of this activity');
    END IF;
    RETURN reply(200, json_build_object(
        'activity_id', p_activity,
        'user_id', p_user,
        'left_at', wire_time(v_departure.at),
        'waitlist_promoted', promotion(v_departure),
        'message', 'Successfully left activity'));
END $$;
