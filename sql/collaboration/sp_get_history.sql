CREATE OR REPLACE FUNCTION collaboration.sp_get_history(p_caller uuid, p_event bigint, p_skip int, p_limit int) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := find_event(p_event);
    v_refusal reply := refuse(v_activity, p_caller, 'viewer', 'Insufficient permissions to view event history');
    v_list jsonb;
BEGIN
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    -- versions have no gap, so the newest is their count; what is made at this moment is left to the next reading
    SELECT coalesce(jsonb_agg(version_json(v.version, v_activity) ORDER BY (v.version).version_number DESC), '[]') INTO v_list
    FROM (SELECT s AS version FROM activity_versions s
          WHERE s.activity_id = v_activity.activity_id AND s.version_number <= v_activity.version
          ORDER BY s.version_number DESC LIMIT p_limit OFFSET p_skip) v;
    RETURN reply(200, jsonb_build_object('event_id', v_activity.number, 'total_versions', v_activity.version, 'versions', v_list));
END $$;
