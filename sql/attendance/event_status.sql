-- Where an event stands by the clock; a completed one has ended, whatever the clock says.
CREATE OR REPLACE FUNCTION attendance.event_status(p_activity activity.activities, p_now timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN p_activity.status = 'completed' OR p_now > p_activity.over_at THEN 'ended'
        WHEN p_now < p_activity.scheduled_at THEN 'upcoming'
        ELSE 'active'
    END;
$$;
