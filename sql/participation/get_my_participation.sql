-- getMyParticipation: where the caller stands. Waiting hides a cancelled row.
CREATE OR REPLACE FUNCTION participation.get_my_participation(p_activity uuid, p_user uuid) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_activity activities;
BEGIN
    SELECT * INTO v_activity FROM activities a WHERE a.activity_id = p_activity AND a.deleted_at IS NULL;
    IF NOT is_there(v_activity, p_user) THEN
        RETURN problem(404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
    END IF;
    IF NOT may_see(v_activity, p_user) THEN
        RETURN problem(403, 'ACCESS_DENIED', 'Access denied');
    END IF;
    RETURN (
        SELECT reply(200, json_build_object(
            'activity_id', p_activity,
            'user_id', p_user,
            'role', CASE WHEN w.user_id IS NULL THEN t.role END,
            'participation_status', CASE WHEN w.user_id IS NULL THEN t.participation_status::text ELSE 'waitlisted' END,
            'waitlist_position', CASE WHEN w.user_id IS NOT NULL THEN rank_of(p_activity, p_user) END,
            'attendance_status', CASE WHEN w.user_id IS NULL THEN t.attendance_status END,
            'joined_at', wire_time(coalesce(w.registered_at, t.joined_at))))
          FROM (SELECT p_user AS user_id) me
          LEFT JOIN participants t ON t.activity_id = p_activity AND t.user_id = me.user_id
          LEFT JOIN waitlist_entries w ON w.activity_id = p_activity AND w.user_id = me.user_id);
END $$;
