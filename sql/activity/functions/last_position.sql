-- The position of the newest change; 0 before the first. (prune leaves the newest, so it never falls back.)
CREATE OR REPLACE FUNCTION activity.last_position()
RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = activity, pg_temp
AS $$
BEGIN
    RETURN coalesce((SELECT max(c.position) FROM changes c), 0);
END $$;
