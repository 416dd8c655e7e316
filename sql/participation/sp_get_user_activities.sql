-- getUserActivities: what a person takes part in, organizes, or (told to themselves only) waits for, as far as the caller may see it.
-- VOLATILE because the person may be the caller, whom this statement has just provisioned.
CREATE OR REPLACE FUNCTION activity.sp_get_user_activities(p_target uuid, p_user uuid, p_type text, p_status text,
                                                           p_limit int, p_offset int) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_target users;
    v_sight  sight := sight(p_user);
    v_total  bigint := 0;
    v_list   json;
BEGIN
    v_target := find_user(p_target);
    IF v_target.user_id IS NULL THEN
        RETURN problem(404, 'USER_NOT_FOUND', 'User not found');
    END IF;
    IF NOT blocked_pair(p_target, p_user) THEN      -- else an empty list, so that a block is not told
        WITH mine AS MATERIALIZED (
            SELECT t.activity_id, t.role, t.participation_status::text AS participation_status, t.attendance_status, t.joined_at
              FROM participants t
             WHERE t.user_id = p_target
               AND NOT (p_target = p_user AND EXISTS (
                       SELECT FROM waitlist_entries w WHERE w.activity_id = t.activity_id AND w.user_id = p_user))
            UNION ALL
            SELECT w.activity_id, NULL, 'waitlisted', 'registered', w.registered_at
              FROM waitlist_entries w
             WHERE w.user_id = p_target AND p_target = p_user
            UNION ALL
            SELECT a.activity_id, 'organizer', 'registered', 'registered', a.created_at
              FROM activities a
             WHERE a.organizer_user_id = p_target AND a.deleted_at IS NULL
               AND NOT EXISTS (SELECT FROM participants t WHERE t.activity_id = a.activity_id AND t.user_id = p_target)
               AND NOT (p_target = p_user AND EXISTS (
                       SELECT FROM waitlist_entries w WHERE w.activity_id = a.activity_id AND w.user_id = p_user))
        ), seen AS MATERIALIZED (
            SELECT m.*, a.scheduled_at
              FROM mine m
              JOIN activities a ON a.activity_id = m.activity_id
             WHERE a.deleted_at IS NULL AND a.status <> 'draft' AND visible(a, v_sight)
               AND (p_status IS NULL OR m.participation_status = p_status)
               AND CASE p_type WHEN 'upcoming'  THEN a.status = 'published' AND a.scheduled_at > now()
                               WHEN 'past'      THEN a.scheduled_at <= now()
                               WHEN 'organized' THEN a.organizer_user_id = p_target
                               WHEN 'attended'  THEN m.attendance_status = 'attended'
                               ELSE true END
        ), page AS (
            SELECT * FROM seen s ORDER BY s.scheduled_at DESC, s.activity_id LIMIT p_limit OFFSET p_offset
        )
        SELECT (SELECT count(*) FROM seen),
               json_agg(json_build_object(
                   'activity_id', a.activity_id,
                   'title', a.title,
                   'scheduled_at', wire_time(a.scheduled_at),
                   'location_name', a.location,
                   'city', a.city,
                   'organizer_user_id', a.organizer_user_id,
                   'organizer_username', coalesce(username_of(o), a.organizer_name, ''),
                   'current_participants_count', p.current_participants_count,
                   'max_participants', p.max_participants,
                   'activity_type', a.activity_type,
                   'status', a.status,
                   'role', s.role,
                   'participation_status', s.participation_status,
                   'attendance_status', s.attendance_status,
                   'joined_at', wire_time(s.joined_at))
                   ORDER BY s.scheduled_at DESC, s.activity_id)
          INTO v_total, v_list
          FROM page s
          JOIN activities a ON a.activity_id = s.activity_id
          JOIN places p ON p.activity_id = s.activity_id
          LEFT JOIN users o ON o.user_id = a.organizer_user_id;
    END IF;
    RETURN reply(200, json_build_object('user_id', p_target, 'total_count', v_total, 'activities', coalesce(v_list, '[]')));
END $$;
