-- What keeps items of a batch out of the calendar: stored events first, then earlier items. Presumes the calendar's lock.
CREATE OR REPLACE FUNCTION collaboration.batch_errors(p_caller uuid, p_events json) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_item record;
    v_stored jsonb;
    v_earlier jsonb;
    v_errors jsonb := '[]';
BEGIN
    FOR v_item IN SELECT (e.n - 1)::int AS index, (e.item ->> 'start_time')::timestamptz AS starts, (e.item ->> 'end_time')::timestamptz AS ends
                  FROM json_array_elements(p_events) WITH ORDINALITY AS e (item, n) LOOP
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.number, 'index', NULL, 'title', c.title,
                   'start_time', wire_time(c.scheduled_at), 'end_time', wire_time(shown_end(c))) ORDER BY c.scheduled_at, c.number), '[]')
        INTO v_stored
        FROM (SELECT * FROM calendar_conflicts(p_caller, v_item.starts, v_item.ends, NULL) LIMIT 50) c;
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', NULL, 'index', e.n - 1, 'title', e.item ->> 'title',
                   'start_time', wire_time((e.item ->> 'start_time')::timestamptz), 'end_time', wire_time((e.item ->> 'end_time')::timestamptz))
                   ORDER BY e.n), '[]')
        INTO v_earlier
        FROM json_array_elements(p_events) WITH ORDINALITY AS e (item, n)
        WHERE e.n - 1 < v_item.index AND (e.item ->> 'start_time')::timestamptz < v_item.ends
          AND v_item.starts < (e.item ->> 'end_time')::timestamptz;
        IF v_stored || v_earlier <> '[]' THEN
            v_errors := v_errors || jsonb_build_object('index', v_item.index, 'status', 409,
                'detail', 'Event conflicts with existing event: ' || ((v_stored || v_earlier) -> 0 ->> 'title'),
                'conflicts', (SELECT jsonb_agg(c.v ORDER BY c.n) FROM jsonb_array_elements(v_stored || v_earlier) WITH ORDINALITY AS c (v, n)
                              WHERE c.n <= 50));
        END IF;
    END LOOP;
    RETURN v_errors;
END $$;
