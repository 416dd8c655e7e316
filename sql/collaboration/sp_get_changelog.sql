CREATE OR REPLACE FUNCTION collaboration.sp_get_changelog(p_caller uuid, p_event bigint, p_skip int, p_limit int) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := find_event(p_event);
    v_refusal reply := refuse(v_activity, p_caller, 'viewer', 'Insufficient permissions to view changelog');
    v_list jsonb;
BEGIN
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object(
               'version', v.version_number, 'changed_by', u.number, 'changed_by_username', coalesce(username_of(u), 'Unknown'),
               'change_summary', v.change_summary, 'timestamp', wire_time(v.created_at), 'event_state', shown_data(v.data))
               ORDER BY v.version_number DESC), '[]') INTO v_list
    FROM (SELECT * FROM activity_versions s WHERE s.activity_id = v_activity.activity_id AND s.version_number <= v_activity.version
          ORDER BY s.version_number DESC LIMIT p_limit OFFSET p_skip) v
    LEFT JOIN users u ON u.user_id = v.changed_by;
    RETURN reply(200, jsonb_build_object('event_id', v_activity.number, 'changelog', v_list));
END $$;
