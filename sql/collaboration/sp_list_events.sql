-- What the caller owns, has a permission on, or takes part in. The set is the caller's own, so the filters run over that and need no index.
CREATE OR REPLACE FUNCTION collaboration.sp_list_events(p_caller uuid, p_skip int, p_limit int, p_start text, p_end text, p_owned boolean, p_q text)
RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_like text := '%' || replace(replace(replace(lower(p_q COLLATE folded), '\', '\\'), '%', '\%'), '_', '\_') || '%';
    v_total bigint;
    v_list jsonb;
BEGIN
    WITH mine AS (
        SELECT a.activity_id FROM activities a WHERE a.organizer_user_id = p_caller
        UNION
        SELECT g.activity_id FROM permissions g WHERE g.user_id = p_caller AND NOT p_owned
        UNION
        SELECT t.activity_id FROM participants t
        WHERE t.user_id = p_caller AND t.participation_status = 'registered' AND NOT p_owned),
    found AS MATERIALIZED (
        SELECT a.activity_id, a.scheduled_at, a.number
        FROM mine JOIN activities a USING (activity_id)
        WHERE a.deleted_at IS NULL AND a.status IN ('published', 'completed')
          AND (p_start IS NULL OR a.scheduled_at >= p_start::timestamptz)
          AND (p_end IS NULL OR a.over_at <= p_end::timestamptz)
          AND (p_q IS NULL OR lower(a.title COLLATE folded) LIKE v_like OR lower(a.description COLLATE folded) LIKE v_like
               OR lower(a.location COLLATE folded) LIKE v_like)),
    page AS (SELECT * FROM found ORDER BY scheduled_at, number LIMIT p_limit OFFSET p_skip)
    SELECT (SELECT count(*) FROM found),
           (SELECT coalesce(jsonb_agg(event_json(a, level_of(a.activity_id, p_caller)) ORDER BY a.scheduled_at, a.number), '[]')
            FROM page g JOIN activities a USING (activity_id))
    INTO v_total, v_list;
    RETURN reply(200, v_list, jsonb_build_object('X-Total-Count', v_total::text));
END $$;
