-- The event of that number as far as the caller sees it, else a null row.
CREATE OR REPLACE FUNCTION gatherhub.find_event(p_event bigint, p_caller uuid) RETURNS activity.activities
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
DECLARE
    v_activity activities;
BEGIN
    SELECT * INTO v_activity FROM activities a WHERE a.number = p_event;
    IF v_activity.activity_id IS NULL OR NOT is_event(v_activity) OR NOT may_see(v_activity, p_caller) THEN
        RETURN NULL;
    END IF;
    RETURN v_activity;
END $$;
