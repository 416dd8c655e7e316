CREATE OR REPLACE FUNCTION collaboration.sp_get_event(p_caller uuid, p_event bigint, p_if_none_match text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := find_event(p_event);
    v_refusal reply := refuse(v_activity, p_caller, 'viewer', 'Insufficient permissions to view event');
BEGIN
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    ELSIF names_version(p_if_none_match, v_activity.version) THEN
        RETURN reply(304, NULL::jsonb, etag(v_activity.version));
    END IF;
    RETURN reply(200, event_json(v_activity, level_of(v_activity.activity_id, p_caller)), etag(v_activity.version));
END $$;
