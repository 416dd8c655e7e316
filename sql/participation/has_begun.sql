-- Whether the clock has passed an activity's start. What depends on it here (attendance, a new date, completing) is about what took place,
-- so an activity without a clock has no privilege; joining and leaving ask `phase`, where it has one. Inlined into its callers, so it pins
-- nothing and names every schema.
CREATE OR REPLACE FUNCTION participation.has_begun(p_activity activity.activities, p_instant timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT p_activity.scheduled_at <= p_instant OR p_activity.status = 'completed';
$$;
