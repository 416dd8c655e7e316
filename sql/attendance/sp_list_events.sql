-- Events that the caller may see, by id. active_only is the flag, not the clock.
CREATE OR REPLACE FUNCTION attendance.sp_list_events(p_caller uuid, p_skip int, p_limit int, p_active_only boolean, p_status text, p_q text,
                                          p_channel text, p_mine boolean) RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_sight sight := sight(p_caller);
    v_total bigint;
    v_list jsonb;
BEGIN
    WITH found AS MATERIALIZED (
        SELECT a.activity_id, a.number
        FROM activities a
        WHERE a.deleted_at IS NULL AND visible(a, v_sight)
          AND (NOT p_active_only OR a.status IN ('published', 'completed'))
          AND (p_status IS NULL OR event_status(a, v_now) = p_status)
          -- the trigram index holds title and description together; the title alone decides
          AND (p_q IS NULL OR (mentions(a, p_q) AND caseless(a.title) LIKE contains(p_q)))
          AND (p_channel IS NULL OR a.discord_channel_id = p_channel)
          AND (NOT p_mine OR a.organizer_user_id = p_caller)),
    page AS (SELECT * FROM found ORDER BY number LIMIT p_limit OFFSET p_skip)
    SELECT (SELECT count(*) FROM found),
           (SELECT coalesce(jsonb_agg(event_json(a, p) ORDER BY a.number), '[]')
            FROM page g JOIN activities a USING (activity_id) JOIN places p USING (activity_id))
    INTO v_total, v_list;
    RETURN reply(200, v_list, jsonb_build_object('X-Total-Count', v_total::text));
END $$;
