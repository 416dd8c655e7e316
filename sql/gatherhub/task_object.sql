CREATE OR REPLACE FUNCTION gatherhub.task_object(p_task activity.tasks, p_base text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'id', p_task.task_id, 'title', p_task.title, 'description', p_task.description, 'status', p_task.status, 'priority', p_task.priority,
        'due_date', wire_time(p_task.due_at), 'completed_at', wire_time(p_task.completed_at),
        'event', (SELECT event_brief(a) FROM activities a WHERE a.activity_id = p_task.activity_id),
        'assignee', (SELECT portrait(u, p_base) FROM users u WHERE u.user_id = p_task.assignee_user_id),
        'creator', person(p_task.creator_user_id),
        'created_at', wire_time(p_task.created_at), 'updated_at', wire_time(p_task.updated_at)));
END $$;
