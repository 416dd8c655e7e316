-- A task; this reply alone tells the assignee's address.
CREATE OR REPLACE FUNCTION gatherhub.get_task(p_caller uuid, p_task bigint, p_base text) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_task tasks;
    v_activity activities;
    v_json jsonb;
BEGIN
    SELECT * INTO v_task FROM tasks k WHERE k.task_id = p_task;
    SELECT * INTO v_activity FROM activities a WHERE a.activity_id = v_task.activity_id;
    IF v_task.task_id IS NULL OR NOT sees_task(v_task, v_activity, p_caller) THEN
        RETURN task_missing();
    END IF;
    v_json := task_object(v_task, p_base);
    IF v_task.assignee_user_id IS NOT NULL THEN
        v_json := jsonb_set(v_json, '{assignee,email}', coalesce((SELECT to_jsonb(u.email) FROM users u WHERE u.user_id = v_task.assignee_user_id), 'null'));
    END IF;
    RETURN reply(200, v_json);
END $$;
