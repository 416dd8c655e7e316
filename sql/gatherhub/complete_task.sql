CREATE OR REPLACE FUNCTION gatherhub.complete_task(p_caller uuid, p_task bigint) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v record;
    v_new tasks;
BEGIN
    SELECT * INTO v FROM locked_task(p_task, p_caller);
    IF (v.task).task_id IS NULL THEN
        RETURN task_missing();
    ELSIF NOT v.edits THEN
        RETURN problem(403, 'permission_denied', 'Only the event creator, the task creator or the assignee can complete this task');
    END IF;
    v_new := v.task;
    v_new.status := 'completed';
    v_new := write_task(v.task, v_new);
    RETURN reply(200, jsonb_build_object('message', 'Task marked as completed', 'task', jsonb_build_object(
        'id', v_new.task_id, 'title', v_new.title, 'status', v_new.status, 'completed_at', wire_time(v_new.completed_at))));
END $$;
