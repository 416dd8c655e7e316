-- All events that the caller may see, oldest first.
CREATE OR REPLACE FUNCTION registration.sp_list_events(p_caller uuid, p_status text, p_from text, p_to text, p_limit int, p_offset int)
RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = registration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    c_most CONSTANT int := 10000;
    v_sight sight := sight(p_caller);
    v_open boolean := p_status IN ('active', 'scheduled', 'ongoing');
    v_total bigint;
    v_events json;
BEGIN
    SELECT count(*) INTO v_total
    FROM activities a
    WHERE a.deleted_at IS NULL AND a.status <> 'draft' AND visible(a, v_sight)
      AND (p_status IS NULL OR (v_open AND a.status = 'published' AND coalesce(a.status_word, 'active') = p_status)
           OR (NOT v_open AND a.status::text = p_status))
      AND (p_from IS NULL OR a.scheduled_at >= p_from::timestamptz)
      AND (p_to IS NULL OR a.scheduled_at < p_to::timestamptz);
    IF p_limit IS NULL AND v_total - coalesce(p_offset, 0) > c_most THEN
        RETURN too_many_rows();
    END IF;

    -- The page is found by its keys first, so that no place or organizer is looked up for a row that is passed over.
    WITH page AS MATERIALIZED (
        SELECT a.activity_id, a.created_at, a.number
        FROM activities a
        WHERE a.deleted_at IS NULL AND a.status <> 'draft' AND visible(a, v_sight)
          AND (p_status IS NULL OR (v_open AND a.status = 'published' AND coalesce(a.status_word, 'active') = p_status)
               OR (NOT v_open AND a.status::text = p_status))
          AND (p_from IS NULL OR a.scheduled_at >= p_from::timestamptz)
          AND (p_to IS NULL OR a.scheduled_at < p_to::timestamptz)
        ORDER BY a.created_at, a.number
        LIMIT coalesce(p_limit, c_most) OFFSET coalesce(p_offset, 0))
    SELECT coalesce(json_agg(event_json(a, p) ORDER BY g.created_at, g.number), '[]'::json) INTO v_events
    FROM page g
    JOIN activities a ON a.activity_id = g.activity_id
    JOIN places p ON p.activity_id = g.activity_id;
    RETURN reply(200, v_events, json_build_object('X-Total-Count', v_total::text));
END $$;
