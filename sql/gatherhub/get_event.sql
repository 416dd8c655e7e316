-- An event with its people, tasks and votes.
CREATE OR REPLACE FUNCTION gatherhub.get_event(p_caller uuid, p_event bigint, p_base text) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := find_event(p_event, p_caller);
    v_places places;
    v_people jsonb;
    v_tasks jsonb := '[]';
    v_votes jsonb;
BEGIN
    IF v_activity.activity_id IS NULL THEN
        RETURN event_missing();
    END IF;
    SELECT * INTO v_places FROM places p WHERE p.activity_id = v_activity.activity_id;
    SELECT coalesce(jsonb_agg(portrait(u, p_base) ORDER BY (u.user_id IS NOT DISTINCT FROM v_activity.organizer_user_id) DESC,
                                                           g.joined_at, g.user_id), '[]') INTO v_people
    FROM people_of(v_activity, p_caller) g JOIN users u USING (user_id);
    IF is_member(v_activity, p_caller) THEN
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', k.task_id, 'title', k.title, 'status', k.status) ORDER BY k.created_at DESC, k.task_id DESC), '[]')
        INTO v_tasks
        FROM (SELECT * FROM tasks k WHERE k.activity_id = v_activity.activity_id ORDER BY k.created_at DESC, k.task_id DESC LIMIT 100) k;
    ELSE
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', k.task_id, 'title', k.title, 'status', k.status) ORDER BY k.created_at DESC, k.task_id DESC), '[]')
        INTO v_tasks
        FROM (SELECT * FROM tasks k WHERE k.activity_id = v_activity.activity_id AND p_caller IN (k.creator_user_id, k.assignee_user_id)
              ORDER BY k.created_at DESC, k.task_id DESC LIMIT 100) k;
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', v.vote_id, 'title', v.title, 'status', vote_status(v, clock_timestamp()))
                              ORDER BY v.created_at DESC, v.vote_id DESC), '[]') INTO v_votes
    FROM (SELECT * FROM votes v WHERE v.activity_id = v_activity.activity_id ORDER BY v.created_at DESC, v.vote_id DESC LIMIT 100) v;
    RETURN reply(200, event_json(v_activity, v_places, p_caller)
                      || jsonb_build_object('participants', v_people, 'tasks', v_tasks, 'votes', v_votes));
END $$;
