-- The event as it is once its lock is held; a null row if it has gone meanwhile.
CREATE OR REPLACE FUNCTION collaboration.locked_event(p_activity activity.activities) RETURNS activity.activities
LANGUAGE plpgsql VOLATILE SET search_path = collaboration, activity, pg_temp AS $$
BEGIN
    IF p_activity.activity_id IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM lock_activity(p_activity.activity_id);
    RETURN find_event(p_activity.number);
END $$;
