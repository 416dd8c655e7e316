-- Votes of the events that the caller sees.
CREATE OR REPLACE FUNCTION gatherhub.list_votes(p_caller uuid, p_page bigint, p_page_size bigint, p_event bigint, p_status text, p_creator bigint,
                                     p_ordering text, p_base text, p_query text) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_size int := page_size(p_page_size);
    v_where text := 'a.deleted_at IS NULL AND a.status IN (''published'', ''completed'') AND activity.visible(a, $1)';
    v_count bigint;
    v_list jsonb;
BEGIN
    IF p_event IS NOT NULL THEN v_where := v_where || ' AND a.number = $3'; END IF;
    IF p_creator IS NOT NULL THEN v_where := v_where || ' AND v.creator_user_id = (SELECT u.user_id FROM activity.users u WHERE u.number = $4)'; END IF;
    v_where := v_where || CASE p_status WHEN 'ended' THEN ' AND (v.closed_at IS NOT NULL OR v.ends_at <= $5)'
                                        WHEN 'active' THEN ' AND v.closed_at IS NULL AND (v.ends_at IS NULL OR v.ends_at > $5)' ELSE '' END;
    EXECUTE 'SELECT count(*) FROM activity.votes v JOIN activity.activities a USING (activity_id) WHERE ' || v_where INTO v_count
    USING sight(p_caller), p_caller, p_event, p_creator, clock_timestamp();
    EXECUTE format('SELECT coalesce(jsonb_agg(gatherhub.vote_json(v, $2) ORDER BY g.n), ''[]'')
                    FROM (SELECT s.vote_id, row_number() OVER () AS n
                          FROM (SELECT v.vote_id FROM activity.votes v JOIN activity.activities a USING (activity_id)
                                WHERE %s ORDER BY %s LIMIT %s OFFSET %s) s) g
                    JOIN activity.votes v USING (vote_id)',
                   v_where, list_order(p_ordering, '{"created_at": "v.created_at", "title": "v.title COLLATE activity.folded", "ends_at": "v.ends_at"}',
                                       'v.vote_id'), v_size, page_offset(p_page, v_size)) INTO v_list
    USING sight(p_caller), p_caller, p_event, p_creator, clock_timestamp();
    RETURN page(v_count, p_page, v_size, p_base, '/api/v1/voting/', p_query, v_list);
END $$;
