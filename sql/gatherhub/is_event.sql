-- A draft or a cancelled activity is no event here, for nobody; nor is a deleted one.
CREATE OR REPLACE FUNCTION gatherhub.is_event(p_activity activity.activities) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT p_activity.deleted_at IS NULL AND p_activity.status IN ('published', 'completed');
$$;
