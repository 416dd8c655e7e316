CREATE OR REPLACE FUNCTION gatherhub.list_participants(p_caller uuid, p_event bigint, p_page bigint, p_page_size bigint, p_base text, p_query text)
RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := find_event(p_event, p_caller);
    v_size int := page_size(p_page_size);
    v_hidden uuid[];
    v_count bigint;
    v_list jsonb;
BEGIN
    IF v_activity.activity_id IS NULL THEN
        RETURN event_missing();
    END IF;
    v_hidden := hidden_from(v_activity, p_caller);
    SELECT count(*) INTO v_count FROM participants t
    WHERE t.activity_id = v_activity.activity_id AND t.participation_status = 'registered' AND t.user_id <> ALL (v_hidden);
    SELECT coalesce(jsonb_agg(portrait(u, p_base) || jsonb_build_object('joined_at', wire_time(g.joined_at)) ORDER BY g.joined_at, g.user_id), '[]') INTO v_list
    FROM (SELECT t.user_id, t.joined_at FROM participants t
          WHERE t.activity_id = v_activity.activity_id AND t.participation_status = 'registered' AND t.user_id <> ALL (v_hidden)
          ORDER BY t.joined_at, t.user_id LIMIT v_size OFFSET page_offset(p_page, v_size)) g JOIN users u USING (user_id);
    RETURN page(v_count, p_page, v_size, p_base, format('/api/v1/events/%s/participants/', p_event), p_query, v_list);
END $$;
