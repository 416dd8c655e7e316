-- Who has attended; people in a blocked pair with the caller are left out, except in an xxl activity.
CREATE OR REPLACE FUNCTION attendance.sp_attendees(p_caller uuid, p_event bigint, p_skip int, p_limit int) RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_activity activities := find_event(p_event, p_caller);
    v_hidden uuid[] := '{}';
    v_total bigint;
    v_list jsonb;
BEGIN
    IF v_activity.activity_id IS NULL THEN
        RETURN problem(404, 'Event not found');
    END IF;
    IF v_activity.activity_type <> 'xxl' THEN
        v_hidden := coalesce((sight(p_caller)).blocked, '{}');
    END IF;
    SELECT count(*) INTO v_total FROM participants t
    WHERE t.activity_id = v_activity.activity_id AND t.attended_at IS NOT NULL AND t.user_id <> ALL (v_hidden);
    SELECT coalesce(jsonb_agg(
        user_json(u, u.user_id = p_caller OR (v_activity.organizer_user_id = p_caller AND g.attended_via = 'web'))
            || jsonb_build_object('attended_at', wire_time(g.attended_at)) ORDER BY g.attended_at, u.number), '[]') INTO v_list
    FROM (SELECT t.user_id, t.attended_at, t.attended_via
          FROM participants t JOIN users u USING (user_id)
          WHERE t.activity_id = v_activity.activity_id AND t.attended_at IS NOT NULL AND t.user_id <> ALL (v_hidden)
          ORDER BY t.attended_at, u.number LIMIT p_limit OFFSET p_skip) g
    JOIN users u USING (user_id);
    RETURN reply(200, v_list, jsonb_build_object('X-Total-Count', v_total::text));
END $$;
