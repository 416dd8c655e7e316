-- The 409 for an interval that the owner's calendar has no room for, or a null row. Presumes the calendar's lock. Of what the caller may not see
-- only the times are told.
CREATE OR REPLACE FUNCTION collaboration.conflict_reply(p_owner uuid, p_from timestamptz, p_to timestamptz, p_except uuid, p_caller uuid)
RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SET search_path = collaboration, activity, pg_temp AS $$
DECLARE
    v_count bigint;
    v_list jsonb;
BEGIN
    WITH found AS MATERIALIZED (
        SELECT c.activity_id, c.number, c.title, c.scheduled_at, shown_end(c) AS ends FROM calendar_conflicts(p_owner, p_from, p_to, p_except) c
    ), page AS MATERIALIZED (SELECT * FROM found ORDER BY scheduled_at, number LIMIT 50),
    shown AS (
        SELECT g.*, g.activity_id IS NOT NULL AND level_of(g.activity_id, p_caller) IS NOT NULL AS told FROM page g)
    SELECT (SELECT count(*) FROM found),
           (SELECT jsonb_agg(jsonb_build_object(
                       'id', CASE WHEN s.told THEN s.number END, 'title', CASE WHEN s.told THEN s.title END,
                       'start_time', wire_time(s.scheduled_at), 'end_time', wire_time(s.ends))
                   ORDER BY s.scheduled_at, s.number) FROM shown s)
    INTO v_count, v_list;
    IF v_count = 0 THEN
        RETURN NULL;
    END IF;
    RETURN reply(409, jsonb_build_object(
        'detail', 'Event conflicts with existing event: ' || coalesce(v_list -> 0 ->> 'title', '(private)'),
        'conflicts', v_list, 'conflict_count', v_count));
END $$;
