CREATE OR REPLACE FUNCTION gatherhub.vote_status(p_vote activity.votes, p_now timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_vote.closed_at IS NOT NULL OR p_now >= p_vote.ends_at THEN 'ended' ELSE 'active' END;
$$;
