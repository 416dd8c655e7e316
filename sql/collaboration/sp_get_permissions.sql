CREATE OR REPLACE FUNCTION collaboration.sp_get_permissions(p_caller uuid, p_event bigint) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := find_event(p_event);
    v_refusal reply := refuse(v_activity, p_caller, 'viewer', 'Insufficient permissions to view event permissions');
    v_list jsonb;
BEGIN
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object(
               'user_id', u.number, 'username', username_of(u), 'permission_level', p.level, 'granted_by', b.number,
               'granted_at', wire_time(p.granted_at), 'updated_at', wire_time(p.updated_at))
               ORDER BY p.first DESC, p.granted_at, u.number), '[]') INTO v_list
    FROM (SELECT v_activity.organizer_user_id AS user_id, 'owner'::grant_level AS level, v_activity.organizer_user_id AS granted_by,
                 v_activity.created_at AS granted_at, NULL::timestamptz AS updated_at, true AS first
          UNION ALL
          SELECT g.user_id, g.level, g.granted_by, g.granted_at, g.updated_at, false
          FROM permissions g WHERE g.activity_id = v_activity.activity_id) p
    JOIN users u ON u.user_id = p.user_id LEFT JOIN users b ON b.user_id = p.granted_by;
    RETURN reply(200, v_list);
END $$;
