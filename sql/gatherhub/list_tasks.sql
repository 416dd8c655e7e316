-- Tasks that the caller may see.
CREATE OR REPLACE FUNCTION gatherhub.list_tasks(p_caller uuid, p_page bigint, p_page_size bigint, p_event bigint, p_assignee bigint, p_status text,
    p_from text, p_to text, p_ordering text, p_base text, p_query text) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_size int := page_size(p_page_size);
    -- where the caller is a member, and what the caller made or is assigned to: each by an index, then joined by the keys
    v_from text := '(SELECT k.task_id FROM activity.tasks k WHERE k.activity_id IN (
                         SELECT a.activity_id FROM activity.activities a WHERE a.organizer_user_id = $1 AND a.deleted_at IS NULL
                         UNION SELECT t.activity_id FROM activity.participants t WHERE t.user_id = $1 AND t.participation_status = ''registered'')
                     UNION SELECT k.task_id FROM activity.tasks k WHERE k.creator_user_id = $1
                     UNION SELECT k.task_id FROM activity.tasks k WHERE k.assignee_user_id = $1) mine
                    JOIN activity.tasks k USING (task_id) JOIN activity.activities a ON a.activity_id = k.activity_id';
    v_where text := 'a.deleted_at IS NULL AND a.status IN (''published'', ''completed'')';
    v_count bigint;
    v_list jsonb;
BEGIN
    IF p_event IS NOT NULL THEN v_where := v_where || ' AND a.number = $2'; END IF;
    IF p_assignee IS NOT NULL THEN v_where := v_where || ' AND k.assignee_user_id = (SELECT u.user_id FROM activity.users u WHERE u.number = $3)'; END IF;
    IF p_status IS NOT NULL THEN v_where := v_where || ' AND k.status = $4::activity.task_status'; END IF;
    IF p_from IS NOT NULL THEN v_where := v_where || ' AND k.due_at >= $5'; END IF;
    IF p_to IS NOT NULL THEN v_where := v_where || ' AND k.due_at < $6'; END IF;
    EXECUTE format('SELECT count(*) FROM %s WHERE %s', v_from, v_where) INTO v_count
    USING p_caller, p_event, p_assignee, p_status, p_from::date::timestamptz, (p_to::date + 1)::timestamptz;
    EXECUTE format('SELECT coalesce(jsonb_agg(gatherhub.task_object(k, $7) ORDER BY g.n), ''[]'')
                    FROM (SELECT s.task_id, row_number() OVER () AS n FROM (SELECT k.task_id FROM %s WHERE %s ORDER BY %s LIMIT %s OFFSET %s) s) g
                    JOIN activity.tasks k USING (task_id)',
                   v_from, v_where, list_order(p_ordering,
                       '{"created_at": "k.created_at", "updated_at": "k.updated_at", "title": "k.title COLLATE activity.folded", "due_date": "k.due_at"}',
                       'k.task_id'), v_size, page_offset(p_page, v_size)) INTO v_list
    USING p_caller, p_event, p_assignee, p_status, p_from::date::timestamptz, (p_to::date + 1)::timestamptz, p_base;
    RETURN page(v_count, p_page, v_size, p_base, '/api/v1/tasks/', p_query, v_list);
END $$;
