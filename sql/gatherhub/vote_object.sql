-- A vote as everybody sees it; what depends on the reader is added by vote_json.
CREATE OR REPLACE FUNCTION gatherhub.vote_object(p_vote activity.votes) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'id', p_vote.vote_id, 'title', p_vote.title, 'description', p_vote.description, 'status', vote_status(p_vote, clock_timestamp()),
        'event', (SELECT event_brief(a) FROM activities a WHERE a.activity_id = p_vote.activity_id),
        'creator', person(p_vote.creator_user_id),
        'options', (SELECT jsonb_agg(jsonb_build_object('id', o.option_id, 'text', o.text, 'vote_count', o.vote_count,
                                                        'percentage', percentage(o.vote_count, p_vote.ballot_count)) ORDER BY o.position)
                    FROM vote_options o WHERE o.vote_id = p_vote.vote_id),
        'total_votes', p_vote.ballot_count, 'ends_at', wire_time(p_vote.ends_at), 'multiple_choice', p_vote.multiple_choice,
        'created_at', wire_time(p_vote.created_at)));
END $$;
