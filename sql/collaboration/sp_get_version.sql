CREATE OR REPLACE FUNCTION collaboration.sp_get_version(p_caller uuid, p_event bigint, p_version bigint) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := find_event(p_event);
    v_refusal reply := refuse(v_activity, p_caller, 'viewer', 'Insufficient permissions to view event version');
    v_version activity_versions;
BEGIN
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT * INTO v_version FROM activity_versions s WHERE s.activity_id = v_activity.activity_id AND s.version_number = p_version;
    IF NOT FOUND THEN
        RETURN problem(404, 'Version not found');
    END IF;
    RETURN reply(200, version_json(v_version, v_activity));
END $$;
