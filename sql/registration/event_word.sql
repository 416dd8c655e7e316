-- This API's word for an activity's status; a draft has none, for it does not exist here.
CREATE OR REPLACE FUNCTION registration.event_word(p_activity activity.activities) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE p_activity.status
        WHEN 'published' THEN coalesce(p_activity.status_word, 'active')
        WHEN 'completed' THEN 'completed'
        WHEN 'cancelled' THEN 'cancelled'
    END;
$$;
