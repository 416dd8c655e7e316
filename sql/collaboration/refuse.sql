-- Why the caller gets no further with this event, or a null row: it is not there, or the caller's level is too low.
CREATE OR REPLACE FUNCTION collaboration.refuse(p_activity activity.activities, p_caller uuid, p_level activity.grant_level, p_detail text)
RETURNS activity.reply
LANGUAGE plpgsql STABLE SET search_path = collaboration, activity, pg_temp AS $$
BEGIN
    IF p_activity.activity_id IS NULL THEN
        RETURN problem(404, 'Event not found');
    ELSIF coalesce(level_of(p_activity.activity_id, p_caller) < p_level, true) THEN
        RETURN problem(403, p_detail);
    END IF;
    RETURN NULL;
END $$;
