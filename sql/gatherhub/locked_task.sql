-- A task under the lock of its event and its own, as far as the caller may see it, and the caller's rights. The event's lock
-- first: whoever assigns or opens a task again decides against people leaving.
CREATE OR REPLACE FUNCTION gatherhub.locked_task(p_task bigint, p_caller uuid, OUT task activity.tasks, OUT event activity.activities,
                                      OUT manages boolean, OUT edits boolean)
LANGUAGE plpgsql VOLATILE SET search_path = gatherhub, activity, pg_temp AS $$
DECLARE
    v_activity uuid;
BEGIN
    SELECT k.activity_id INTO v_activity FROM tasks k WHERE k.task_id = p_task;
    IF v_activity IS NOT NULL THEN
        PERFORM lock_activity(v_activity);
        SELECT * INTO task FROM tasks k WHERE k.task_id = p_task FOR NO KEY UPDATE;
        SELECT * INTO event FROM activities a WHERE a.activity_id = v_activity;
    END IF;
    IF task.task_id IS NULL OR NOT sees_task(task, event, p_caller) THEN
        task := NULL;
        RETURN;
    END IF;
    manages := coalesce(p_caller IN (event.organizer_user_id, task.creator_user_id), false);
    edits := manages OR coalesce(p_caller = task.assignee_user_id, false);
END $$;
