-- The owner first, then permissions and, as editors, co-organizers who have none.
CREATE OR REPLACE FUNCTION collaboration.sp_get_collaborators(p_caller uuid, p_event bigint) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := find_event(p_event);
    v_refusal reply := refuse(v_activity, p_caller, 'viewer', 'Insufficient permissions to view collaborators');
    v_list jsonb;
BEGIN
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object(
               'user_id', u.number, 'username', username_of(u),
               'full_name', coalesce(u.name, nullif(concat_ws(' ', u.first_name, u.last_name), '')),
               'role', CASE WHEN p.first THEN 'owner' ELSE 'collaborator' END, 'permission_level', p.level, 'since', wire_time(p.since))
               ORDER BY p.first DESC, p.since, u.number), '[]') INTO v_list
    FROM (SELECT v_activity.organizer_user_id AS user_id, 'owner'::grant_level AS level, v_activity.created_at AS since, true AS first
          UNION ALL
          SELECT g.user_id, g.level, g.granted_at, false FROM permissions g WHERE g.activity_id = v_activity.activity_id
          UNION ALL
          SELECT t.user_id, 'editor', t.joined_at, false FROM participants t
          WHERE t.activity_id = v_activity.activity_id AND t.role = 'co_organizer' AND t.participation_status = 'registered'
            AND NOT EXISTS (SELECT FROM permissions g WHERE g.activity_id = t.activity_id AND g.user_id = t.user_id)) p
    JOIN users u ON u.user_id = p.user_id;
    RETURN reply(200, jsonb_build_object('event_id', v_activity.number, 'total_collaborators', jsonb_array_length(v_list),
                                         'collaborators', v_list));
END $$;
