-- The same once the vote's lock is held.
CREATE OR REPLACE FUNCTION gatherhub.locked_vote(p_vote bigint, p_caller uuid, OUT vote activity.votes, OUT event activity.activities)
LANGUAGE plpgsql VOLATILE SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    PERFORM FROM votes v WHERE v.vote_id = p_vote FOR NO KEY UPDATE;
    SELECT (f.vote).* INTO vote FROM find_vote(p_vote, p_caller) f;
    SELECT * INTO event FROM activities a WHERE a.activity_id = vote.activity_id;
END $$;
