-- Open tasks of an activity that somebody who leaves it was assigned become nobody's; the organizer keeps theirs. Presumes the lock.
CREATE OR REPLACE FUNCTION activity.release_tasks(p_activity uuid, p_user uuid, p_instant timestamptz)
RETURNS void LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v_task bigint;
BEGIN
    -- Mostly there is none: one probe, before asking who organizes.
    IF NOT EXISTS (SELECT FROM tasks WHERE activity_id = p_activity AND assignee_user_id = p_user AND status <> 'completed')
       OR EXISTS (SELECT FROM activities WHERE activity_id = p_activity AND organizer_user_id = p_user) THEN
        RETURN;
    END IF;
    FOR v_task IN
        SELECT task_id FROM tasks
         WHERE activity_id = p_activity AND assignee_user_id = p_user AND status <> 'completed'
         ORDER BY task_id FOR NO KEY UPDATE
    LOOP
        UPDATE tasks SET assignee_user_id = NULL, updated_at = p_instant WHERE task_id = v_task;
        PERFORM emit('task.updated', p_activity, NULL, v_task);
        PERFORM emit('task.assigned', p_activity, NULL, v_task);
    END LOOP;
END $$;
