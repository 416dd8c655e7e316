-- listParticipants: organizer, co-organizers, members, each as they got their place, without those in a blocked pair with the caller. The
-- few who are more than members come from an index of their own, and the members in the order of theirs: no page sorts the whole activity.
CREATE OR REPLACE FUNCTION activity.sp_list_participants(p_activity uuid, p_user uuid, p_status text, p_role text,
                                                         p_limit int, p_offset int) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_activity activities;
    v_sight    sight := sight(p_user);
    v_hidden   uuid[];
    v_status   participation_status;
    v_role     participant_role := p_role;
    v_staff    boolean;
    v_above    bigint;
    v_total    bigint;
    v_list     json;
BEGIN
    SELECT * INTO v_activity FROM activities a WHERE a.activity_id = p_activity AND a.deleted_at IS NULL;
    IF NOT is_there(v_activity, p_user) THEN
        RETURN problem(404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
    END IF;
    IF NOT visible(v_activity, v_sight) THEN
        RETURN problem(403, 'ACCESS_DENIED', 'Access denied');
    END IF;
    IF p_status = 'waitlisted' THEN      -- they have no participant row: see getWaitlist
        RETURN reply(200, json_build_object('activity_id', p_activity, 'total_count', 0, 'participants', '[]'::json));
    END IF;
    v_status := p_status;
    v_staff  := is_staff(p_activity, p_user);
    v_hidden := CASE WHEN v_activity.activity_type = 'xxl' THEN '{}' ELSE coalesce(v_sight.blocked, '{}') END;

    SELECT count(*) FILTER (WHERE t.role <> 'member'), count(*) INTO v_above, v_total
      FROM participants t
     WHERE t.activity_id = p_activity AND (v_status IS NULL OR t.participation_status = v_status) AND (v_role IS NULL OR t.role = v_role)
       AND t.user_id <> ALL (v_hidden);

    WITH page AS (
        (SELECT t.*
           FROM participants t
          WHERE t.activity_id = p_activity AND t.role <> 'member'
            AND (v_status IS NULL OR t.participation_status = v_status) AND (v_role IS NULL OR t.role = v_role)
            AND t.user_id <> ALL (v_hidden)
          ORDER BY t.role, t.joined_at, t.user_id
          LIMIT p_limit OFFSET p_offset)
        UNION ALL
        (SELECT t.*
           FROM participants t
          WHERE t.activity_id = p_activity AND t.role = 'member'
            AND (v_status IS NULL OR t.participation_status = v_status) AND (v_role IS NULL OR v_role = 'member')
            AND t.user_id <> ALL (v_hidden)
          ORDER BY t.joined_at, t.user_id
          LIMIT greatest(0, p_limit - greatest(0, v_above - p_offset)) OFFSET greatest(0, p_offset - v_above))
    )
    SELECT json_agg(json_build_object(
               'user_id', t.user_id,
               'username', username_of(u),
               'first_name', u.first_name,
               'last_name', u.last_name,
               'profile_photo_url', u.main_photo_url,
               'role', t.role,
               'participation_status', t.participation_status,
               'attendance_status', t.attendance_status,
               'joined_at', wire_time(t.joined_at),
               'is_verified', u.is_verified,
               'verification_count', u.verification_count,
               'cancel_reason', CASE WHEN v_staff THEN t.cancel_reason END)
               ORDER BY t.role, t.joined_at, t.user_id)
      INTO v_list
      FROM page t
      JOIN users u ON u.user_id = t.user_id;

    RETURN reply(200, json_build_object('activity_id', p_activity, 'total_count', v_total, 'participants', coalesce(v_list, '[]')));
END $$;
