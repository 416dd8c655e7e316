-- This API's flag: neither cancelled nor a draft.
CREATE OR REPLACE FUNCTION attendance.is_active(p_activity activity.activities) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT p_activity.status IN ('published', 'completed');
$$;
