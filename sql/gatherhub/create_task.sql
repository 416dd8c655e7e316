CREATE OR REPLACE FUNCTION gatherhub.create_task(p_caller uuid, p_event bigint, p_title text, p_description text, p_priority activity.task_priority,
                                      p_due text, p_assignee bigint, p_base text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := locked_event(p_event, p_caller);
    v_assignee uuid;
    v_task tasks;
BEGIN
    IF v_activity.activity_id IS NULL THEN
        RETURN invalid('event', 'Event does not exist.');
    ELSIF NOT is_member(v_activity, p_caller) THEN
        RETURN problem(403, 'permission_denied', 'Only participants of the event can create tasks');
    END IF;
    IF p_assignee IS NOT NULL THEN
        v_assignee := may_be_assigned(v_activity, p_assignee);
        IF v_assignee IS NULL THEN
            RETURN invalid('assignee', 'Assignee must be a participant of the event.');
        END IF;
    END IF;
    INSERT INTO tasks (activity_id, creator_user_id, assignee_user_id, title, description, priority, due_at)
    VALUES (v_activity.activity_id, p_caller, v_assignee, p_title, p_description, p_priority, p_due::timestamptz)
    RETURNING * INTO v_task;
    PERFORM emit('task.created', v_task.activity_id, NULL, v_task.task_id);
    RETURN reply(201, task_object(v_task, p_base));
END $$;
