-- Whether somebody (null: nobody) sees one activity: visible, from what concerns it alone. False for a deleted or unknown one.
CREATE OR REPLACE FUNCTION activity.may_see(p_activity activity.activities, p_user uuid)
RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = activity, pg_temp
AS $$
DECLARE
    v_sight sight;
BEGIN
    IF p_activity.activity_id IS NULL OR p_activity.deleted_at IS NOT NULL THEN
        RETURN false;
    END IF;
    v_sight := sight_of(p_activity, p_user);            -- in a variable: only so is visible inlined
    RETURN visible(p_activity, v_sight);
END $$;

CREATE OR REPLACE FUNCTION activity.may_see(p_activity uuid, p_user uuid)
RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = activity, pg_temp
AS $$
DECLARE
    v_activity activities;
BEGIN
    SELECT * INTO v_activity FROM activities WHERE activity_id = p_activity;
    RETURN may_see(v_activity, p_user);
END $$;
