-- The 412 for an If-Match that names another version.
CREATE OR REPLACE FUNCTION collaboration.modified(p_version int) RETURNS activity.reply
LANGUAGE plpgsql IMMUTABLE SET search_path = collaboration, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT reply(412, jsonb_build_object('detail', format('Event was modified: current version is %s', p_version),
                                                 'current_version', p_version), etag(p_version)));
END $$;
