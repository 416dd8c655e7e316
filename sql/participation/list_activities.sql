-- listActivities: what the caller may see, by date.
-- The statement is made of the filters that are there, so that each way of asking gets the plan, and the partial index, that suits it.
CREATE OR REPLACE FUNCTION participation.list_activities(p_user uuid, p_status text, p_type text, p_city text, p_tag text, p_organizer uuid,
                                              p_from text, p_to text, p_limit int, p_offset int) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_where text := format('a.deleted_at IS NULL AND a.status = %L AND visible(a, $1)', coalesce(p_status, 'published')::activity_status);
    v_total bigint;
    v_list  json;
BEGIN
    v_where := v_where
        -- by index, not through all drafts
        || CASE WHEN p_status = 'draft' THEN ' AND (a.organizer_user_id = $9 OR a.activity_id = ANY (($1).staff))' ELSE '' END
        || CASE WHEN p_type IS NULL THEN '' ELSE format(' AND a.activity_type = %L', p_type::activity_type) END
        || CASE WHEN p_city IS NULL THEN '' ELSE ' AND a.city = $2' END
        || CASE WHEN p_tag IS NULL THEN '' ELSE ' AND a.tags @> ARRAY[$3]' END
        || CASE WHEN p_organizer IS NULL THEN '' ELSE ' AND a.organizer_user_id = $4' END
        || CASE WHEN p_from IS NULL THEN '' ELSE ' AND a.scheduled_at >= $5' END
        || CASE WHEN p_to IS NULL THEN '' ELSE ' AND a.scheduled_at < $6' END;
    EXECUTE format($q$
        WITH page AS MATERIALIZED (
            SELECT a.* FROM activities a WHERE %1$s ORDER BY a.scheduled_at, a.activity_id LIMIT $7 OFFSET $8
        )
        SELECT (SELECT count(*) FROM activities a WHERE %1$s),
               (SELECT json_agg(activity_json(a, p, o, EXISTS (
                                    SELECT FROM participants t WHERE t.activity_id = a.activity_id AND t.user_id = a.organizer_user_id))
                                ORDER BY a.scheduled_at, a.activity_id)
                  FROM page b
                  JOIN activities a ON a.activity_id = b.activity_id
                  JOIN places p ON p.activity_id = a.activity_id
                  LEFT JOIN users o ON o.user_id = a.organizer_user_id)$q$, v_where)
       INTO v_total, v_list
      USING sight(p_user), p_city, p_tag, p_organizer, time_of(p_from), time_of(p_to), p_limit, p_offset, p_user;
    RETURN reply(200, json_build_object('total_count', v_total, 'activities', coalesce(v_list, '[]')));
END $$;
