-- Events that run at this moment; for nobody in particular (null), the public ones.
CREATE OR REPLACE FUNCTION attendance.sp_active_events(p_caller uuid, p_skip int, p_limit int) RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_sight sight := sight(p_caller);
    v_total bigint;
    v_list jsonb;
BEGIN
    WITH found AS MATERIALIZED (
        SELECT a.activity_id, a.scheduled_at, a.number
        FROM activities a
        WHERE a.deleted_at IS NULL AND a.status = 'published' AND tstzrange(a.scheduled_at, a.over_at, '[]') @> v_now
          AND visible(a, v_sight)),
    page AS (SELECT * FROM found ORDER BY scheduled_at, number LIMIT p_limit OFFSET p_skip)
    SELECT (SELECT count(*) FROM found),
           (SELECT coalesce(jsonb_agg(event_json(a, p) ORDER BY a.scheduled_at, a.number), '[]')
            FROM page g JOIN activities a USING (activity_id) JOIN places p USING (activity_id))
    INTO v_total, v_list;
    RETURN reply(200, v_list, jsonb_build_object('X-Total-Count', v_total::text));
END $$;
