-- A vote whose event the caller sees, and that event; else a null row. Of the snapshot of whoever asks.
CREATE OR REPLACE FUNCTION gatherhub.find_vote(p_vote bigint, p_caller uuid, OUT vote activity.votes, OUT event activity.activities)
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    SELECT * INTO vote FROM votes v WHERE v.vote_id = p_vote;
    SELECT * INTO event FROM activities a WHERE a.activity_id = vote.activity_id;
    IF vote.vote_id IS NULL OR NOT is_event(event) OR NOT may_see(event, p_caller) THEN
        vote := NULL;
    END IF;
END $$;
