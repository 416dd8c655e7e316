-- A page of a list: how many match, where its neighbours are, and its rows. p_query is the request's own query without `page`.
CREATE OR REPLACE FUNCTION gatherhub.page(p_count bigint, p_page bigint, p_size int, p_base text, p_path text, p_query text, p_results jsonb)
RETURNS activity.reply
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
DECLARE
    v_url text := p_base || p_path || '?' || CASE WHEN coalesce(p_query, '') = '' THEN '' ELSE p_query || '&' END || 'page=';
BEGIN
    IF p_page > 1 AND page_offset(p_page, p_size) >= p_count THEN
        RETURN problem(404, 'invalid_page', 'Page does not exist');
    END IF;
    RETURN reply(200, jsonb_build_object(
        'count', p_count,
        'next', CASE WHEN page_offset(p_page, p_size) + p_size < p_count THEN v_url || (p_page + 1) END,
        'previous', CASE WHEN p_page > 1 THEN v_url || (p_page - 1) END,
        'results', p_results));
END $$;
