-- status
CREATE OR REPLACE FUNCTION attendance.command_status(p_prefix text, p_user activity.users) RETURNS text
LANGUAGE plpgsql SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_total bigint;
    v_lines text;
BEGIN
    IF p_user.user_id IS NULL THEN
        RETURN format('You are not registered yet. Use %sregister first.', p_prefix);
    END IF;
    SELECT count(*) INTO v_total FROM participants t JOIN activities a USING (activity_id)
    WHERE t.user_id = p_user.user_id AND t.attended_at IS NOT NULL AND a.deleted_at IS NULL;
    SELECT string_agg(format('• %s, <t:%s:d>', said(g.title), floor(extract(epoch FROM g.scheduled_at))), E'\n'
                      ORDER BY g.attended_at DESC, g.number DESC) INTO v_lines
    FROM (SELECT a.title, a.scheduled_at, a.number, t.attended_at
          FROM participants t JOIN activities a USING (activity_id)
          WHERE t.user_id = p_user.user_id AND t.attended_at IS NOT NULL AND a.deleted_at IS NULL
          ORDER BY t.attended_at DESC, a.number DESC LIMIT 5) g;
    RETURN concat_ws(E'\n', format('%s, you have attended %s %s.', said_name(shown_name(p_user)), v_total,
                                   CASE WHEN v_total = 1 THEN 'event' ELSE 'events' END), v_lines);
END $$;
