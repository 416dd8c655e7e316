-- The same once its lock is held.
CREATE OR REPLACE FUNCTION gatherhub.locked_event(p_event bigint, p_caller uuid) RETURNS activity.activities
LANGUAGE plpgsql VOLATILE SET search_path = gatherhub, activity, pg_temp AS $$
DECLARE
    v_activity activities := find_event(p_event, p_caller);
BEGIN
    IF v_activity.activity_id IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM lock_activity(v_activity.activity_id);
    RETURN find_event(p_event, p_caller);
END $$;
