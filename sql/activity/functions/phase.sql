-- Where an activity is in time: ahead, running, over. One that an API without a clock made is always ahead. Inlined.
CREATE OR REPLACE FUNCTION activity.phase(p_activity activity.activities, p_instant timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN p_activity.clockless THEN 'ahead'
                WHEN p_activity.status = 'completed' OR p_instant > p_activity.over_at THEN 'over'
                WHEN p_instant < p_activity.scheduled_at THEN 'ahead'
                ELSE 'running' END
$$;
