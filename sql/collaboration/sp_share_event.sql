CREATE OR REPLACE FUNCTION collaboration.sp_share_event(p_caller uuid, p_event bigint, p_users jsonb) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities;
    v_refusal reply;
    v_numbers bigint[] := ARRAY(SELECT (i ->> 'user_id')::bigint FROM jsonb_array_elements(p_users) i);
    v_unknown text;
    v_item record;
    v_why text;
    v_list jsonb := '[]';
    v_new bigint;
BEGIN
    v_activity := locked_event(find_event(p_event));
    v_refusal := refuse(v_activity, p_caller, 'owner', 'Only owners can share events');
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT string_agg(n::text, ', ' ORDER BY n) INTO v_unknown
    FROM unnest(v_numbers) n WHERE n <> ALL (ARRAY(SELECT u.number FROM users u WHERE u.number = ANY (v_numbers) AND NOT u.is_guest));
    IF v_unknown IS NOT NULL THEN
        RETURN problem(400, format('Users not found: [%s]', v_unknown));
    END IF;
    SELECT count(*) INTO v_new
    FROM users u
    WHERE u.number = ANY (v_numbers) AND u.user_id IS DISTINCT FROM v_activity.organizer_user_id AND NOT blocked_pair(p_caller, u.user_id)
      AND NOT EXISTS (SELECT FROM permissions g WHERE g.activity_id = v_activity.activity_id AND g.user_id = u.user_id);
    IF v_new > 0 AND v_new + (SELECT count(*) FROM permissions g WHERE g.activity_id = v_activity.activity_id) > 1000 THEN
        RETURN problem(400, 'Too many collaborators (max 1000)');
    END IF;
    FOR v_item IN SELECT (SELECT u.user_id FROM users u WHERE u.number = (i.item ->> 'user_id')::bigint) AS user_id,
                         (i.item ->> 'user_id')::bigint AS number, (i.item ->> 'permission_level')::grant_level AS level
                  FROM jsonb_array_elements(p_users) WITH ORDINALITY AS i (item, n) ORDER BY i.n LOOP
        v_why := CASE WHEN v_item.user_id = v_activity.organizer_user_id THEN 'Cannot modify owner''s permissions'
                      WHEN blocked_pair(p_caller, v_item.user_id) THEN 'User unavailable' END;
        IF v_why IS NULL THEN
            PERFORM grant_level(v_activity.activity_id, v_item.user_id, v_item.level, p_caller);
            v_list := v_list || jsonb_build_object('user_id', v_item.number, 'permission_level', v_item.level, 'status', 'granted');
        ELSE
            v_list := v_list || jsonb_build_object('user_id', v_item.number, 'permission_level', v_item.level, 'status', 'failed', 'error', v_why);
        END IF;
    END LOOP;
    RETURN reply(201, jsonb_build_object('event_id', v_activity.number, 'shared_with', v_list, 'message', 'Event sharing completed'));
END $$;
