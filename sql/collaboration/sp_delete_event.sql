CREATE OR REPLACE FUNCTION collaboration.sp_delete_event(p_caller uuid, p_event bigint, p_if_match text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := locked_event(find_event(p_event));
    v_refusal reply := refuse(v_activity, p_caller, 'owner', 'Only event owner can delete event');
BEGIN
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    ELSIF p_if_match IS NOT NULL AND NOT names_version(p_if_match, v_activity.version) THEN
        RETURN modified(v_activity.version);
    END IF;
    PERFORM delete_activity(v_activity.activity_id, p_caller);
    RETURN reply(204);
END $$;
