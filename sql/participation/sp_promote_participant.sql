-- promoteParticipant: the organizer makes a member co-organizer, whatever the status and time.
CREATE OR REPLACE FUNCTION activity.sp_promote_participant(p_activity uuid, p_user uuid, p_target uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v          record;
    v_target   participants;
BEGIN
    v := locked_activity(p_activity, p_user);
    IF (v.activity).activity_id IS NULL THEN
        RETURN problem(404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
    END IF;
    IF (v.activity).organizer_user_id IS DISTINCT FROM p_user THEN
        RETURN problem(403, 'NOT_ORGANIZER', 'Only organizer can promote participants');
    END IF;
    SELECT * INTO v_target FROM participants t WHERE t.activity_id = p_activity AND t.user_id = p_target;
    IF v_target.role = 'co_organizer' THEN
        RETURN problem(400, 'ALREADY_CO_ORGANIZER', 'User is already a co-organizer');
    END IF;
    IF v_target.role IS DISTINCT FROM 'member' OR v_target.participation_status <> 'registered' OR p_target = p_user THEN
        RETURN problem(400, 'TARGET_NOT_MEMBER', 'User is not a member participant');
    END IF;
    UPDATE participants t SET role = 'co_organizer' WHERE t.activity_id = p_activity AND t.user_id = p_target;
    RETURN reply(200, json_build_object(
        'activity_id', p_activity,
        'user_id', p_target,
        'role', 'co_organizer',
        'promoted_at', wire_time(instant(v.places)),
        'message', 'User promoted to co-organizer successfully'));
END $$;
