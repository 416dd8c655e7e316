-- The changes behind a position, in order.
CREATE OR REPLACE FUNCTION activity.changes_after(p_position bigint, p_most int DEFAULT 1000)
RETURNS SETOF activity.changes LANGUAGE plpgsql STABLE ROWS 100 SECURITY DEFINER SET search_path = activity, pg_temp
AS $$
BEGIN
    RETURN QUERY SELECT * FROM changes c WHERE c.position > p_position ORDER BY c.position LIMIT p_most;
END $$;
