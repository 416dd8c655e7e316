-- removeParticipant: staff put somebody out of the activity or of its line.
CREATE OR REPLACE FUNCTION participation.remove_participant(p_activity uuid, p_user uuid, p_target uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v           record;
    v_departure departure;
BEGIN
    v := locked_activity(p_activity, p_user);
    IF (v.activity).activity_id IS NULL THEN
        RETURN problem(404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
    END IF;
    IF NOT is_staff(p_activity, p_user) THEN
        RETURN problem(403, 'NOT_AUTHORIZED', 'Only organizer or co-organizer can remove participants');
    END IF;
    IF (v.activity).organizer_user_id = p_target THEN
        RETURN problem(403, 'IS_ORGANIZER', 'Organizer cannot leave activity');
    END IF;
    IF (v.activity).organizer_user_id IS DISTINCT FROM p_user AND is_staff(p_activity, p_target) THEN
        RETURN problem(403, 'NOT_ORGANIZER', 'Only organizer can remove co-organizers');
    END IF;
    IF phase(v.activity, instant(v.places)) <> 'ahead' THEN
        RETURN problem(400, 'ACTIVITY_IN_PAST', 'Activity has already occurred');
    END IF;
    v_departure := leave(v.places, p_target, false, NULL);
    IF v_departure.was IS NULL THEN
        RETURN problem(400, 'NOT_PARTICIPANT', 'User is not a participant of this activity');
    END IF;
    RETURN reply(200, json_build_object(
        'activity_id', p_activity,
        'user_id', p_target,
        'left_at', wire_time(v_departure.at),
        'waitlist_promoted', promotion(v_departure),
        'message', 'Participant removed'));
END $$;
