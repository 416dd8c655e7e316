-- By the clock, but for what another API has completed.
CREATE OR REPLACE FUNCTION gatherhub.event_status(p_activity activity.activities, p_now timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN p_activity.status = 'completed' OR p_now > p_activity.over_at THEN 'completed'
        WHEN p_now < p_activity.scheduled_at THEN 'upcoming'
        ELSE 'ongoing'
    END;
$$;
