-- The level that keeps a stream open. A deletion does not take it: those whose rows the deletion has removed are named in its change, and a
-- deleted event that anybody else could see is looked at as it was.
CREATE OR REPLACE FUNCTION collaboration.stream_level(p_activity activity.activities, p_user uuid) RETURNS activity.grant_level
LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp AS $$
DECLARE
    v_level grant_level := level_of(p_activity.activity_id, p_user);
    v_was activities := p_activity;
BEGIN
    IF v_level IS NOT NULL OR p_activity.deleted_at IS NULL THEN
        RETURN v_level;
    END IF;
    v_was.deleted_at := NULL;
    IF may_see(v_was, p_user)
       OR (SELECT u.number = ANY (c.audience) FROM users u, changes c
           WHERE u.user_id = p_user AND c.kind = 'activity.deleted' AND c.activity_id = p_activity.activity_id
           ORDER BY c.position DESC LIMIT 1) THEN
        RETURN 'viewer';
    END IF;
    RETURN NULL;
END $$;
