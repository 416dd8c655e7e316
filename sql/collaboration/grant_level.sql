-- Grants a level, or changes it: one row for each person and event. Presumes the event's lock.
CREATE OR REPLACE FUNCTION collaboration.grant_level(p_activity uuid, p_user uuid, p_level activity.grant_level, p_by uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = activity, pg_temp AS $$
BEGIN
    INSERT INTO permissions AS g (activity_id, user_id, level, granted_by, granted_at)
    VALUES (p_activity, p_user, p_level, p_by, clock_timestamp())
    ON CONFLICT (activity_id, user_id) DO UPDATE
        SET level = excluded.level, granted_by = excluded.granted_by, updated_at = clock_timestamp()
        WHERE g.level <> excluded.level;
END $$;
