-- One ballot, final, counted in its own transaction under the vote's lock.
CREATE OR REPLACE FUNCTION gatherhub.cast_vote(p_caller uuid, p_vote bigint, p_options jsonb) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v record;
    v_now timestamptz;
    v_ids bigint[] := ARRAY(SELECT (o #>> '{}')::bigint FROM jsonb_array_elements(p_options) o);
    v_vote votes;
BEGIN
    SELECT * INTO v FROM locked_vote(p_vote, p_caller);
    v_now := clock_timestamp();
    IF (v.vote).vote_id IS NULL THEN
        RETURN vote_missing();
    ELSIF NOT is_member(v.event, p_caller) THEN
        RETURN problem(403, 'permission_denied', 'Only participants of the event can vote');
    ELSIF vote_status(v.vote, v_now) = 'ended' THEN
        RETURN problem(403, 'voting_ended', 'Voting has ended');
    ELSIF EXISTS (SELECT FROM ballots b WHERE b.vote_id = p_vote AND b.user_id = p_caller) THEN
        RETURN problem(400, 'already_voted', 'You have already voted');
    ELSIF (cardinality(v_ids) > 1 AND NOT (v.vote).multiple_choice)
       OR (SELECT count(*) FROM vote_options o WHERE o.vote_id = p_vote AND o.option_id = ANY (v_ids)) <> cardinality(v_ids) THEN
        RETURN problem(400, 'invalid_options', 'Invalid options');
    END IF;
    INSERT INTO ballots (vote_id, user_id, option_ids, voted_at) VALUES (p_vote, p_caller, v_ids, v_now);
    UPDATE vote_options SET vote_count = vote_count + 1 WHERE vote_id = p_vote AND option_id = ANY (v_ids);
    UPDATE votes SET ballot_count = ballot_count + 1 WHERE vote_id = p_vote RETURNING * INTO v_vote;
    PERFORM emit('vote.cast', v_vote.activity_id, NULL, p_vote);
    RETURN reply(200, jsonb_build_object('message', 'Vote cast successfully', 'vote', jsonb_build_object(
        'id', v_vote.vote_id, 'title', v_vote.title, 'user_vote', ballot_json(p_vote, p_caller), 'total_votes', v_vote.ballot_count)));
END $$;
