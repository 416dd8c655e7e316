-- A version of an event that is at p_activity's.
CREATE OR REPLACE FUNCTION collaboration.version_json(p_version activity.activity_versions, p_activity activity.activities) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = collaboration, activity, pg_temp AS $$
DECLARE
    v_user users;
BEGIN
    SELECT * INTO v_user FROM users u WHERE u.user_id = p_version.changed_by;
    RETURN jsonb_build_object(
        'id', p_version.id, 'event_id', p_activity.number, 'version_number', p_version.version_number,
        'event_data', shown_data(p_version.data), 'changed_by', v_user.number, 'changed_by_username', coalesce(username_of(v_user), 'Unknown'),
        'change_reason', p_version.change_reason, 'change_summary', p_version.change_summary,
        'created_at', wire_time(p_version.created_at), 'is_current', p_version.version_number = p_activity.version);
END $$;
