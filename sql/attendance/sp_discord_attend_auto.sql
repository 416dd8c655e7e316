-- Attends the one public event that runs, in that channel if one is given.
CREATE OR REPLACE FUNCTION attendance.sp_discord_attend_auto(p_discord_user_id text, p_channel text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v record;
    v_now timestamptz := clock_timestamp();
    v_sight sight := sight(NULL);
    v_running activities[];
    c_none CONSTANT jsonb := '{"success": false, "message": "No event is active right now."}';
BEGIN
    SELECT * INTO v FROM discord_account(p_discord_user_id);
    IF (v.refusal).status IS NOT NULL THEN
        RETURN v.refusal;
    END IF;
    SELECT array_agg(s.activity ORDER BY (s.activity).scheduled_at, (s.activity).number) INTO v_running
    FROM (SELECT a AS activity FROM activities a
          WHERE a.deleted_at IS NULL AND a.status = 'published' AND tstzrange(a.scheduled_at, a.over_at, '[]') @> v_now
            AND visible(a, v_sight) AND (p_channel IS NULL OR a.discord_channel_id = p_channel)
          ORDER BY a.scheduled_at, a.number LIMIT 10) s;
    IF v_running IS NULL THEN
        RETURN reply(200, c_none);
    ELSIF cardinality(v_running) > 1 THEN
        RETURN reply(200, jsonb_build_object('success', false, 'message', 'Several events are active. Choose one by its id.',
            'events', (SELECT jsonb_agg(jsonb_build_object('id', r.number, 'title', coalesce(r.title, ''), 'end_time', wire_time(r.over_at))
                                        ORDER BY r.scheduled_at, r.number) FROM unnest(v_running) r)));
    END IF;
    RETURN reply(200, coalesce(discord_mark(v_running[1], v.account), c_none));
END $$;
