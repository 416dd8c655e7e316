-- The end of its own, or null: what a calendar looks at and a version keeps (over_at has the 24 hours as well). Inlined.
CREATE OR REPLACE FUNCTION activity.shown_end(p_activity activity.activities)
RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT least(coalesce(p_activity.ends_at, (p_activity.scheduled_at AT TIME ZONE 'UTC'
                                               + p_activity.duration_minutes * interval '1 minute') AT TIME ZONE 'UTC'),
                 CASE WHEN num_nonnulls(p_activity.ends_at, p_activity.duration_minutes) > 0
                      THEN timestamptz '9999-12-31 23:59:59.999999+00' END)
$$;
