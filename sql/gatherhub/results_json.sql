-- The results, the winner included: the one option with strictly the most votes, nobody on a tie or without votes.
CREATE OR REPLACE FUNCTION gatherhub.results_json(p_vote activity.votes) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
    WITH counted AS (
        SELECT o.option_id, o.text, o.vote_count, o.position, rank() OVER (ORDER BY o.vote_count DESC) AS place
        FROM vote_options o WHERE o.vote_id = p_vote.vote_id)
    SELECT jsonb_build_object(
        'id', p_vote.vote_id, 'title', p_vote.title, 'status', vote_status(p_vote, clock_timestamp()), 'total_votes', p_vote.ballot_count,
        'ends_at', wire_time(p_vote.ends_at),
        'results', (SELECT jsonb_agg(jsonb_build_object('option_id', c.option_id, 'id', c.option_id, 'text', c.text, 'vote_count', c.vote_count,
                                                        'percentage', percentage(c.vote_count, p_vote.ballot_count)) ORDER BY c.position) FROM counted c),
        'winner', (SELECT CASE WHEN count(*) = 1 AND min(c.vote_count) > 0
                               THEN jsonb_build_object('option_id', min(c.option_id), 'text', min(c.text)) END FROM counted c WHERE c.place = 1));
$$;
