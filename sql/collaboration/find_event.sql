-- The event of that number: neither deleted, nor a draft, nor cancelled. Who may see it is asked separately, for here that is a 403.
CREATE OR REPLACE FUNCTION collaboration.find_event(p_event bigint) RETURNS activity.activities
LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp AS $$
DECLARE
    v_activity activities;
BEGIN
    SELECT * INTO v_activity FROM activities a
    WHERE a.number = p_event AND a.deleted_at IS NULL AND a.status IN ('published', 'completed');
    RETURN v_activity;
END $$;
