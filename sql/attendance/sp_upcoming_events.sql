-- Events that are to come, the nearest first.
CREATE OR REPLACE FUNCTION attendance.sp_upcoming_events(p_caller uuid, p_skip int, p_limit int) RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_sight sight := sight(p_caller);
    v_total bigint;
    v_list jsonb;
BEGIN
    SELECT count(*) INTO v_total FROM activities a
    WHERE a.deleted_at IS NULL AND a.status = 'published' AND a.scheduled_at > v_now AND visible(a, v_sight);
    SELECT coalesce(jsonb_agg(event_json(a, p) ORDER BY a.scheduled_at, a.number), '[]') INTO v_list
    FROM (SELECT a.activity_id FROM activities a
          WHERE a.deleted_at IS NULL AND a.status = 'published' AND a.scheduled_at > v_now AND visible(a, v_sight)
          ORDER BY a.scheduled_at, a.number LIMIT p_limit OFFSET p_skip) g
    JOIN activities a USING (activity_id) JOIN places p USING (activity_id);
    RETURN reply(200, v_list, jsonb_build_object('X-Total-Count', v_total::text));
END $$;
