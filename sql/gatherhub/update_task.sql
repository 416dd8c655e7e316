CREATE OR REPLACE FUNCTION gatherhub.update_task(p_caller uuid, p_task bigint, p_body jsonb, p_base text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v record;
    v_new tasks;
BEGIN
    SELECT * INTO v FROM locked_task(p_task, p_caller);
    IF (v.task).task_id IS NULL THEN
        RETURN task_missing();
    ELSIF NOT v.edits THEN
        RETURN problem(403, 'permission_denied', 'Only the event creator, the task creator or the assignee can update this task');
    END IF;
    v_new := v.task;
    IF p_body ? 'title' THEN v_new.title := p_body ->> 'title'; END IF;
    IF p_body ? 'description' THEN v_new.description := p_body ->> 'description'; END IF;
    IF p_body ? 'status' THEN v_new.status := (p_body ->> 'status')::task_status; END IF;
    IF p_body ? 'priority' THEN v_new.priority := (p_body ->> 'priority')::task_priority; END IF;
    IF p_body ? 'due_date' THEN v_new.due_at := (p_body ->> 'due_date')::timestamptz; END IF;
    IF p_body ? 'assignee'
       AND (SELECT u.number FROM users u WHERE u.user_id = v_new.assignee_user_id) IS DISTINCT FROM (p_body ->> 'assignee')::bigint THEN
        IF NOT v.manages THEN
            RETURN problem(403, 'permission_denied', 'Only the event creator or the task creator can assign this task');
        END IF;
        v_new.assignee_user_id := may_be_assigned(v.event, (p_body ->> 'assignee')::bigint);
        IF v_new.assignee_user_id IS NULL AND p_body ->> 'assignee' IS NOT NULL THEN
            RETURN invalid('assignee', 'Assignee must be a participant of the event.');
        END IF;
    END IF;
    -- one that is opened again is nobody's if its assignee has left meanwhile
    IF v_new.status <> 'completed' AND (v.task).status = 'completed' AND NOT is_member(v.event, v_new.assignee_user_id) THEN
        v_new.assignee_user_id := NULL;
    END IF;
    v_new := write_task(v.task, v_new);
    RETURN reply(200, task_object(v_new, p_base));
END $$;
