-- cancelParticipation: gives up a place as by leaving, but the row stays, with the reason.
CREATE OR REPLACE FUNCTION activity.sp_cancel_participation(p_activity uuid, p_user uuid, p_reason text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v           record;
    v_status    participation_status;
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
        RETURN problem(400, 'ACTIVITY_IN_PAST', 'Cannot cancel past activities');
    END IF;
    SELECT t.participation_status INTO v_status FROM participants t WHERE t.activity_id = p_activity AND t.user_id = p_user;
    IF v_status = 'cancelled' THEN
        RETURN problem(400, 'ALREADY_CANCELLED', 'Participation already cancelled');
    END IF;
    IF v_status IS DISTINCT FROM 'registered' THEN
        RETURN problem(400, 'NOT_PARTICIPANT', 'Not a participant of this activity');
    END IF;
    v_departure := leave(v.places, p_user, true, p_reason);
    RETURN reply(200, json_build_object(
        'activity_id', p_activity,
        'user_id', p_user,
        'participation_status', 'cancelled',
        'left_at', wire_time(v_departure.at),
        'waitlist_promoted', promotion(v_departure),
        'message', 'Participation cancelled successfully'));
END $$;
