-- What somebody may do with an activity as a document: the highest of owning or making it, co-organizing it, a grant, and plainly seeing
-- it. Null: nothing. Of a deleted one the grants still count, for who restores it.
CREATE OR REPLACE FUNCTION activity.level_of(p_activity uuid, p_user uuid)
RETURNS activity.grant_level LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = activity, pg_temp
AS $$
DECLARE
    v_activity activities;
    v_level    grant_level;
BEGIN
    SELECT * INTO v_activity FROM activities WHERE activity_id = p_activity;
    IF v_activity.organizer_user_id = p_user THEN
        RETURN 'owner';
    END IF;
    SELECT level INTO v_level FROM permissions WHERE activity_id = p_activity AND user_id = p_user;
    IF v_level IS NULL OR v_level < 'editor' THEN
        IF EXISTS (SELECT FROM participants
                    WHERE activity_id = p_activity AND user_id = p_user AND role = 'co_organizer'
                      AND participation_status = 'registered') THEN
            RETURN 'editor';
        END IF;
        IF v_level IS NULL AND may_see(v_activity, p_user) THEN
            RETURN 'viewer';
        END IF;
    END IF;
    RETURN v_level;
END $$;
