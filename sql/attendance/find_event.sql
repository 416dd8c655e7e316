-- The activity of that number that the caller (null: nobody, as for Discord) may see; else a null row.
CREATE OR REPLACE FUNCTION attendance.find_event(p_event bigint, p_caller uuid) RETURNS activity.activities
LANGUAGE plpgsql STABLE SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_activity activities;
BEGIN
    SELECT * INTO v_activity FROM activities a WHERE a.number = p_event AND a.deleted_at IS NULL;
    IF v_activity.activity_id IS NULL OR NOT may_see(v_activity, p_caller) THEN
        RETURN NULL;
    END IF;
    RETURN v_activity;
END $$;
