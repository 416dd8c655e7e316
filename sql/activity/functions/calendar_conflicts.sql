-- What of an owner's calendar overlaps an interval: not deleted, cancelled or drafts, with an end of their own; what only touches does not
-- overlap.
CREATE OR REPLACE FUNCTION activity.calendar_conflicts(p_owner uuid, p_from timestamptz, p_to timestamptz, p_except uuid)
RETURNS SETOF activity.activities LANGUAGE plpgsql STABLE ROWS 5 SET search_path = activity, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT * FROM activities a
     WHERE a.organizer_user_id = p_owner AND a.deleted_at IS NULL
       AND a.scheduled_at < p_to AND a.over_at > p_from
       AND a.status IN ('published', 'completed')
       AND num_nonnulls(a.ends_at, a.duration_minutes) > 0
       AND a.activity_id IS DISTINCT FROM p_except
     ORDER BY a.scheduled_at, a.number;
END $$;
