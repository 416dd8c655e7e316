CREATE OR REPLACE FUNCTION attendance.sp_discord_attendance(p_discord_user_id text, p_skip int, p_limit int) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_user users;
    v_total bigint;
    v_list jsonb;
BEGIN
    SELECT * INTO v_user FROM users u WHERE u.discord_user_id = p_discord_user_id;
    IF NOT FOUND THEN
        RETURN problem(404, 'Discord user not found');
    END IF;
    SELECT count(*) INTO v_total FROM participants t JOIN activities a USING (activity_id)
    WHERE t.user_id = v_user.user_id AND t.attended_at IS NOT NULL AND a.deleted_at IS NULL;
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', g.number, 'title', coalesce(g.title, ''), 'start_time', wire_time(g.scheduled_at),
                                                 'end_time', wire_time(g.over_at), 'attended_at', wire_time(g.attended_at))
                              ORDER BY g.attended_at, g.number), '[]') INTO v_list
    FROM (SELECT a.number, a.title, a.scheduled_at, a.over_at, t.attended_at
          FROM participants t JOIN activities a USING (activity_id)
          WHERE t.user_id = v_user.user_id AND t.attended_at IS NOT NULL AND a.deleted_at IS NULL
          ORDER BY t.attended_at, a.number LIMIT p_limit OFFSET p_skip) g;
    RETURN reply(200, jsonb_build_object(
        'user', jsonb_build_object('discord_user_id', v_user.discord_user_id, 'discord_username', v_user.discord_username,
                                   'name', shown_name(v_user)),
        'attended_events', v_list, 'total_attended', v_total), jsonb_build_object('X-Total-Count', v_total::text));
END $$;
