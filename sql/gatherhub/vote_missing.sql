CREATE OR REPLACE FUNCTION gatherhub.vote_missing() RETURNS activity.reply
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT problem(404, 'vote_not_found', 'Vote does not exist'));
END $$;
