-- What the caller owns, has a permission on, or takes part in. The set is the caller's own, so the filters run over that and need no index.
CREATE OR REPLACE FUNCTION collaboration.sp_list_events(p_caller uuid, p_skip int, p_limit int, p_start text, p_end text, p_owned boolean, p_q text)
RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_like text := contains(p_q);
    v_total bigint;
    v_list jsonb;
BEGIN
    -- The ids first, as an array: that is looked up by index, whatever a planner without figures thinks of their number. All in one statement, so that
    -- who is shown an event has a level on it.
    WITH found AS MATERIALIZED (
        SELECT a.activity_id, a.scheduled_at, a.number
        FROM activities a
        WHERE a.activity_id = ANY (ARRAY(
                  SELECT o.activity_id FROM activities o WHERE o.organizer_user_id = p_caller AND o.deleted_at IS NULL
                  UNION
                  SELECT g.activity_id FROM permissions g WHERE g.user_id = p_caller AND NOT p_owned
                  UNION
                  SELECT t.activity_id FROM participants t
                  WHERE t.user_id = p_caller AND t.participation_status = 'registered' AND NOT p_owned))
          AND a.deleted_at IS NULL AND a.status IN ('published', 'completed')
          AND (p_start IS NULL OR a.scheduled_at >= p_start::timestamptz)
          AND (p_end IS NULL OR a.over_at <= p_end::timestamptz)
          AND (p_q IS NULL OR caseless(a.title) LIKE v_like OR caseless(a.description) LIKE v_like
               OR caseless(a.location) LIKE v_like)),
    page AS (SELECT ARRAY(SELECT f.activity_id FROM found f ORDER BY f.scheduled_at, f.number LIMIT p_limit OFFSET p_skip) AS ids)
    SELECT (SELECT count(*) FROM found),
           (SELECT coalesce(jsonb_agg(event_json(a, level_of(a.activity_id, p_caller)) ORDER BY a.scheduled_at, a.number), '[]')
            FROM activities a WHERE a.activity_id = ANY (ARRAY(SELECT unnest(g.ids) FROM page g)))
    INTO v_total, v_list;
    RETURN reply(200, v_list, jsonb_build_object('X-Total-Count', v_total::text));
END $$;
