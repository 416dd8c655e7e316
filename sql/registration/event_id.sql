-- The canonical eventId: the client's own, else the UUID.
CREATE OR REPLACE FUNCTION registration.event_id(p_activity activity.activities) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(p_activity.slug, p_activity.activity_id::text);
$$;
