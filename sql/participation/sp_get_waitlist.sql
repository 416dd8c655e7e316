-- getWaitlist: the line, for staff.
CREATE OR REPLACE FUNCTION activity.sp_get_waitlist(p_activity uuid, p_user uuid, p_limit int, p_offset int) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_activity activities;
    v_total    bigint;
    v_list     json;
BEGIN
    SELECT * INTO v_activity FROM activities a WHERE a.activity_id = p_activity AND a.deleted_at IS NULL;
    IF NOT is_there(v_activity, p_user) THEN
        RETURN problem(404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
    END IF;
    IF NOT is_staff(p_activity, p_user) THEN
        RETURN problem(403, 'NOT_AUTHORIZED', 'Only organizer or co-organizer can view waitlist');
    END IF;
    SELECT count(*) INTO v_total FROM waitlist_entries w WHERE w.activity_id = p_activity;
    WITH page AS (
        SELECT w.* FROM waitlist_entries w WHERE w.activity_id = p_activity ORDER BY w.registered_at LIMIT p_limit OFFSET p_offset
    )
    SELECT json_agg(json_build_object(
               'waitlist_id', w.waitlist_id,
               'user_id', w.user_id,
               'username', username_of(u),
               'first_name', u.first_name,
               'profile_photo_url', u.main_photo_url,
               'position', p_offset + w.n,
               'created_at', wire_time(w.registered_at),
               'notified_at', wire_time(w.notified_at))
               ORDER BY w.n)
      INTO v_list
      FROM (SELECT p.*, row_number() OVER (ORDER BY p.registered_at) AS n FROM page p) w
      JOIN users u ON u.user_id = w.user_id;
    RETURN reply(200, json_build_object('activity_id', p_activity, 'total_count', v_total, 'waitlist', coalesce(v_list, '[]')));
END $$;
