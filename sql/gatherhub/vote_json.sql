CREATE OR REPLACE FUNCTION gatherhub.vote_json(p_vote activity.votes, p_user uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT vote_object(p_vote) || jsonb_build_object('user_voted', b IS NOT NULL, 'user_vote', b)
    FROM ballot_json(p_vote.vote_id, p_user) b);
END $$;
