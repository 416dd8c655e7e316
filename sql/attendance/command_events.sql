-- events: those of the channel first
CREATE OR REPLACE FUNCTION attendance.command_events(p_prefix text, p_channel text) RETURNS text
LANGUAGE plpgsql SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_sight sight := sight(NULL);
    v_lines text;
    v_total bigint;
BEGIN
    WITH running AS MATERIALIZED (
        SELECT a.number, a.title, a.scheduled_at, a.over_at, a.discord_channel_id IS NOT DISTINCT FROM p_channel AND p_channel IS NOT NULL AS here
        FROM activities a
        WHERE a.deleted_at IS NULL AND a.status = 'published' AND tstzrange(a.scheduled_at, a.over_at, '[]') @> v_now
          AND visible(a, v_sight)),
    shown AS (SELECT * FROM running ORDER BY here DESC, scheduled_at, number LIMIT 10)
    SELECT (SELECT count(*) FROM running),
           (SELECT string_agg(format('• **%s** (ID %s), ends <t:%s:t>', said(s.title), s.number, floor(extract(epoch FROM s.over_at))),
                              E'\n' ORDER BY s.here DESC, s.scheduled_at, s.number) FROM shown s)
    INTO v_total, v_lines;
    IF v_total = 0 THEN
        RETURN 'No event is active right now.';
    END IF;
    RETURN concat_ws(E'\n', 'Active events:', v_lines, CASE WHEN v_total > 10 THEN format('… and %s more', v_total - 10) END,
                     format('Use %sattend <event_id> to mark your attendance.', p_prefix));
END $$;
