-- One's own ballot: its options in the vote's order.
CREATE OR REPLACE FUNCTION gatherhub.ballot_json(p_vote bigint, p_user uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('option_id', s.ids[1], 'option_ids', to_jsonb(s.ids), 'voted_at', wire_time(b.voted_at))
    FROM ballots b
    CROSS JOIN LATERAL (SELECT array_agg(o.option_id ORDER BY o.position) AS ids FROM vote_options o WHERE o.option_id = ANY (b.option_ids)) s
    WHERE b.vote_id = p_vote AND b.user_id = p_user);
END $$;
