-- confirmAttendance: one who was there vouches for another who was.
CREATE OR REPLACE FUNCTION activity.sp_confirm_attendance(p_activity uuid, p_confirmed uuid, p_user uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v              record;
    v_confirmation attendance_confirmations;
    v_count        int;
BEGIN
    IF p_confirmed = p_user THEN
        RETURN problem(400, 'SELF_CONFIRMATION', 'Cannot confirm your own attendance');
    END IF;
    v := locked_activity(p_activity, p_user);
    IF (v.activity).activity_id IS NULL THEN
        RETURN problem(404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
    END IF;
    IF (v.activity).status NOT IN ('published', 'completed') OR NOT has_begun(v.activity, instant(v.places)) THEN
        RETURN problem(400, 'ACTIVITY_NOT_COMPLETED', 'Activity has not yet completed');
    END IF;
    PERFORM FROM participants t WHERE t.activity_id = p_activity AND t.user_id = p_user AND t.attendance_status = 'attended';
    IF NOT FOUND THEN
        RETURN problem(400, 'CONFIRMER_NOT_ATTENDED', 'You must have attended status to confirm others');
    END IF;
    PERFORM FROM participants t WHERE t.activity_id = p_activity AND t.user_id = p_confirmed AND t.attendance_status = 'attended';
    IF NOT FOUND THEN
        RETURN problem(400, 'CONFIRMED_NOT_ATTENDED', 'User does not have attended status');
    END IF;
    INSERT INTO attendance_confirmations (activity_id, confirmer_user_id, confirmed_user_id, created_at)
    VALUES (p_activity, p_user, p_confirmed, instant(v.places))
    ON CONFLICT DO NOTHING
    RETURNING * INTO v_confirmation;
    IF NOT FOUND THEN
        RETURN problem(400, 'ALREADY_CONFIRMED', 'You already confirmed this user for this activity');
    END IF;
    UPDATE users u SET verification_count = u.verification_count + 1 WHERE u.user_id = p_confirmed
    RETURNING u.verification_count INTO v_count;
    RETURN reply(200, json_build_object(
        'confirmation_id', v_confirmation.confirmation_id,
        'activity_id', p_activity,
        'confirmed_user_id', p_confirmed,
        'confirmer_user_id', p_user,
        'created_at', wire_time(v_confirmation.created_at),
        'verification_count_updated', v_count,
        'message', 'Attendance confirmed successfully'));
END $$;
