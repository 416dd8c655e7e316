-- Writes what differs of a task and tells it: updated, then assigned and completed where that is what changed. Presumes its lock.
CREATE OR REPLACE FUNCTION gatherhub.write_task(p_old activity.tasks, p_new activity.tasks) RETURNS activity.tasks
LANGUAGE plpgsql VOLATILE SET search_path = gatherhub, activity, pg_temp AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
BEGIN
    p_new.completed_at := CASE WHEN p_new.status <> 'completed' THEN NULL
                               WHEN p_old.status = 'completed' THEN p_old.completed_at ELSE v_now END;
    IF p_new IS NOT DISTINCT FROM p_old THEN
        RETURN p_old;
    END IF;
    UPDATE tasks SET title = p_new.title, description = p_new.description, status = p_new.status, priority = p_new.priority,
                     due_at = p_new.due_at, assignee_user_id = p_new.assignee_user_id, completed_at = p_new.completed_at, updated_at = v_now
    WHERE task_id = p_old.task_id RETURNING * INTO p_new;
    PERFORM emit('task.updated', p_new.activity_id, NULL, p_new.task_id);
    IF p_new.assignee_user_id IS DISTINCT FROM p_old.assignee_user_id THEN
        PERFORM emit('task.assigned', p_new.activity_id, NULL, p_new.task_id);
    END IF;
    IF p_new.status = 'completed' AND p_old.status <> 'completed' THEN
        PERFORM emit('task.completed', p_new.activity_id, NULL, p_new.task_id);
    END IF;
    RETURN p_new;
END $$;
