-- Ends a vote now; one that has ended already is as good.
CREATE OR REPLACE FUNCTION gatherhub.close_vote(p_caller uuid, p_vote bigint) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v record;
    v_vote votes;
    v_now timestamptz;
BEGIN
    SELECT * INTO v FROM locked_vote(p_vote, p_caller);
    v_now := clock_timestamp();
    IF (v.vote).vote_id IS NULL THEN
        RETURN vote_missing();
    ELSIF p_caller IS DISTINCT FROM (v.vote).creator_user_id AND p_caller IS DISTINCT FROM (v.event).organizer_user_id THEN
        RETURN problem(403, 'permission_denied', 'Only the vote creator or the event creator can close this vote');
    END IF;
    v_vote := v.vote;
    IF vote_status(v_vote, v_now) = 'active' THEN
        UPDATE votes SET closed_at = v_now, ended_sent_at = v_now WHERE vote_id = p_vote RETURNING * INTO v_vote;
        PERFORM emit('vote.ended', v_vote.activity_id, NULL, p_vote);
    END IF;
    RETURN reply(200, vote_json(v_vote, p_caller));
END $$;
