-- Whether somebody (null: nobody) sees one activity: visible, from what concerns it alone. False for a deleted or unknown one.
CREATE OR REPLACE FUNCTION activity.may_see(p_activity activity.activities, p_user uuid)
RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = activity, pg_temp
AS $$
BEGIN
    RETURN p_activity.activity_id IS NOT NULL AND p_activity.deleted_at IS NULL
           AND visible(p_activity, sight_of(p_activity, p_user));
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
