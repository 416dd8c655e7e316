-- Events that the caller sees. The statement is put together of what was asked, so that each question gets a plan, and an index, of its own.
CREATE OR REPLACE FUNCTION gatherhub.list_events(p_caller uuid, p_page bigint, p_page_size bigint, p_search text, p_status text, p_creator bigint,
    p_from text, p_to text, p_ordering text, p_joined boolean, p_base text, p_query text) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_size int := page_size(p_page_size);
    v_words text[] := ARRAY(
        SELECT w
        FROM regexp_split_to_table(p_search, '[\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+') w
        WHERE w <> '');
    v_where text := 'a.deleted_at IS NULL AND a.status IN (''published'', ''completed'') AND activity.visible(a, $1)';
    v_from text := 'activity.activities a';
    v_order text := list_order(p_ordering,
        '{"created_at": "a.created_at", "updated_at": "coalesce(a.updated_at, a.created_at)",
          "title": "a.title COLLATE activity.folded", "date": "a.scheduled_at"}',
        'a.number');
    v_word text;
    v_count bigint;
    v_list jsonb;
BEGIN
    FOREACH v_word IN ARRAY v_words LOOP
        v_where := v_where || format(' AND activity.mentions(a, %L)', v_word);
    END LOOP;
    v_where := v_where || CASE p_status
        WHEN 'upcoming' THEN ' AND a.status = ''published'' AND a.scheduled_at > $3'
        WHEN 'ongoing' THEN ' AND a.status = ''published'' AND tstzrange(a.scheduled_at, a.over_at, ''[]'') @> $3'
        WHEN 'completed' THEN ' AND (a.status = ''completed'' OR a.over_at < $3)'
        ELSE '' END;
    IF p_creator IS NOT NULL THEN
        v_where := v_where || ' AND a.organizer_user_id = (SELECT u.user_id FROM activity.users u WHERE u.number = $4)';
    END IF;
    IF p_from IS NOT NULL THEN v_where := v_where || ' AND a.scheduled_at >= $5'; END IF;
    IF p_to IS NOT NULL THEN v_where := v_where || ' AND a.scheduled_at < $6'; END IF;
    IF p_joined THEN
        v_where := v_where || ' AND a.activity_id IN (SELECT t.activity_id FROM activity.participants t'
            ' WHERE t.user_id = $2 AND t.participation_status = ''registered'')';
    ELSIF NOT p_joined THEN
        v_where := v_where || ' AND NOT EXISTS (SELECT FROM activity.participants t'
            ' WHERE t.activity_id = a.activity_id AND t.user_id = $2 AND t.participation_status = ''registered'')';
    END IF;
    EXECUTE 'SELECT count(*) FROM activity.activities a WHERE ' || v_where INTO v_count
    USING sight(p_caller), p_caller, clock_timestamp(), p_creator, p_from::date::timestamptz, (p_to::date + 1)::timestamptz;
    -- by date there is an index of what is published and one of what is completed: the page is among the first of both
    IF p_ordering IN ('date', '-date') THEN
        v_from := format('((SELECT a.* FROM %1$s WHERE %2$s AND a.status = ''published'' ORDER BY %3$s LIMIT %4$s) UNION ALL
                           (SELECT a.* FROM %1$s WHERE %2$s AND a.status = ''completed'' ORDER BY %3$s LIMIT %4$s)) a',
                         v_from, v_where, v_order, page_offset(p_page, v_size) + v_size);
        v_where := 'true';
    END IF;
    EXECUTE format('SELECT coalesce(jsonb_agg(gatherhub.event_json(a, p, $2) ORDER BY g.n), ''[]'')
                    FROM (SELECT a.activity_id, row_number() OVER () AS n FROM (SELECT a.* FROM %s WHERE %s ORDER BY %s LIMIT %s OFFSET %s) a) g
                    JOIN activity.activities a USING (activity_id) JOIN activity.places p USING (activity_id)',
                   v_from, v_where, v_order, v_size, page_offset(p_page, v_size)) INTO v_list
    USING sight(p_caller), p_caller, clock_timestamp(), p_creator, p_from::date::timestamptz, (p_to::date + 1)::timestamptz;
    RETURN page(v_count, p_page, v_size, p_base, '/api/v1/events/', p_query, v_list);
END $$;
