CREATE OR REPLACE FUNCTION gatherhub.assign_task(p_caller uuid, p_task bigint, p_assignee bigint, p_base text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v record;
    v_new tasks;
BEGIN
    SELECT * INTO v FROM locked_task(p_task, p_caller);
    IF (v.task).task_id IS NULL THEN
        RETURN task_missing();
    ELSIF NOT v.manages THEN
        RETURN problem(403, 'permission_denied', 'Only the event creator or the task creator can assign this task');
    END IF;
    v_new := v.task;
    IF p_assignee IS DISTINCT FROM (SELECT u.number FROM users u WHERE u.user_id = v_new.assignee_user_id) THEN
        v_new.assignee_user_id := may_be_assigned(v.event, p_assignee);
        IF v_new.assignee_user_id IS NULL AND p_assignee IS NOT NULL THEN
            RETURN invalid('assignee', 'Assignee must be a participant of the event.');
        END IF;
        v_new := write_task(v.task, v_new);
    END IF;
    RETURN reply(200, jsonb_build_object('message', 'Task assigned successfully', 'task', jsonb_build_object(
        'id', v_new.task_id, 'title', v_new.title,
        'assignee', (SELECT portrait(u, p_base) FROM users u WHERE u.user_id = v_new.assignee_user_id))));
END $$;
