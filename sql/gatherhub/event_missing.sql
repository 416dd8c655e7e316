CREATE OR REPLACE FUNCTION gatherhub.event_missing() RETURNS activity.reply
LANGUAGE sql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
    SELECT problem(404, 'event_not_found', 'Event does not exist');
$$;
