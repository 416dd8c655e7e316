-- demoteParticipant: the organizer makes a co-organizer member again, whatever the status and time.
CREATE OR REPLACE FUNCTION activity.sp_demote_participant(p_activity uuid, p_user uuid, p_target uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v          record;
BEGIN
    v := locked_activity(p_activity, p_user);
    IF (v.activity).activity_id IS NULL THEN
        RETURN problem(404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
    END IF;
    IF (v.activity).organizer_user_id IS DISTINCT FROM p_user THEN
        RETURN problem(403, 'NOT_ORGANIZER', 'Only organizer can demote participants');
    END IF;
    UPDATE participants t SET role = 'member' WHERE t.activity_id = p_activity AND t.user_id = p_target AND t.role = 'co_organizer';
    IF NOT FOUND THEN
        RETURN problem(400, 'NOT_CO_ORGANIZER', 'User is not a co-organizer');
    END IF;
    RETURN reply(200, json_build_object(
        'activity_id', p_activity,
        'user_id', p_target,
        'role', 'member',
        'demoted_at', wire_time(instant(v.places)),
        'message', 'User demoted to member successfully'));
END $$;
