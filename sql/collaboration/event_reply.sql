-- One event, with its version as ETag.
CREATE OR REPLACE FUNCTION collaboration.event_reply(p_status int, p_activity uuid, p_caller uuid) RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SET search_path = collaboration, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT reply(p_status, event_json(a, level_of(a.activity_id, p_caller)), etag(a.version))
            FROM activities a WHERE a.activity_id = p_activity);
END $$;
