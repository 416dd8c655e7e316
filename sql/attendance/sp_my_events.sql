-- What the caller has attended, cancelled events included: history does not vanish.
CREATE OR REPLACE FUNCTION attendance.sp_my_events(p_caller uuid, p_skip int, p_limit int) RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_total bigint;
    v_list jsonb;
BEGIN
    SELECT count(*) INTO v_total FROM participants t JOIN activities a USING (activity_id)
    WHERE t.user_id = p_caller AND t.attended_at IS NOT NULL AND a.deleted_at IS NULL;
    SELECT coalesce(jsonb_agg(event_json(a, p) || jsonb_build_object('attended_at', wire_time(g.attended_at))
                              ORDER BY g.attended_at, g.number), '[]') INTO v_list
    FROM (SELECT t.activity_id, t.attended_at, a.number
          FROM participants t JOIN activities a USING (activity_id)
          WHERE t.user_id = p_caller AND t.attended_at IS NOT NULL AND a.deleted_at IS NULL
          ORDER BY t.attended_at, a.number LIMIT p_limit OFFSET p_skip) g
    JOIN activities a USING (activity_id) JOIN places p USING (activity_id);
    RETURN reply(200, v_list, jsonb_build_object('X-Total-Count', v_total::text));
END $$;
