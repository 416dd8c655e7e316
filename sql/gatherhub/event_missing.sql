CREATE OR REPLACE FUNCTION gatherhub.event_missing() RETURNS activity.reply
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT problem(404, 'event_not_found', 'Event does not exist'));
END $$;
