CREATE OR REPLACE FUNCTION attendance.sp_discord_attendees(p_event bigint, p_skip int, p_limit int) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_activity activities := find_event(p_event, NULL);
    v_total bigint;
    v_list jsonb;
BEGIN
    IF v_activity.activity_id IS NULL THEN
        RETURN problem(404, 'Event not found');
    END IF;
    SELECT count(*) INTO v_total FROM participants t JOIN users u USING (user_id)
    WHERE t.activity_id = v_activity.activity_id AND t.attended_at IS NOT NULL AND u.discord_user_id IS NOT NULL;
    SELECT coalesce(jsonb_agg(jsonb_build_object('name', shown_name(u), 'discord_username', u.discord_username,
                                                 'discord_user_id', u.discord_user_id, 'attended_at', wire_time(g.attended_at))
                              ORDER BY g.attended_at, u.number), '[]') INTO v_list
    FROM (SELECT t.user_id, t.attended_at
          FROM participants t JOIN users u USING (user_id)
          WHERE t.activity_id = v_activity.activity_id AND t.attended_at IS NOT NULL AND u.discord_user_id IS NOT NULL
          ORDER BY t.attended_at, u.number LIMIT p_limit OFFSET p_skip) g
    JOIN users u USING (user_id);
    RETURN reply(200, jsonb_build_object(
        'event', jsonb_build_object('id', v_activity.number, 'title', coalesce(v_activity.title, ''),
                                    'start_time', wire_time(v_activity.scheduled_at), 'end_time', wire_time(v_activity.over_at)),
        'attendees', v_list, 'total_attendees', v_total), jsonb_build_object('X-Total-Count', v_total::text));
END $$;
