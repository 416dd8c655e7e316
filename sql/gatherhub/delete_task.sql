CREATE OR REPLACE FUNCTION gatherhub.delete_task(p_caller uuid, p_task bigint) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v record;
BEGIN
    SELECT * INTO v FROM locked_task(p_task, p_caller);
    IF (v.task).task_id IS NULL THEN
        RETURN task_missing();
    ELSIF NOT v.manages THEN
        RETURN problem(403, 'permission_denied', 'Only the event creator or the task creator can delete this task');
    END IF;
    DELETE FROM tasks k WHERE k.task_id = p_task;
    -- of what is gone the audience is told: the members, and whoever was concerned
    PERFORM emit('task.deleted', (v.task).activity_id, NULL, p_task, NULL, NULL, ARRAY(
        SELECT u.number FROM users u WHERE u.user_id IN (
            SELECT t.user_id FROM participants t WHERE t.activity_id = (v.task).activity_id AND t.participation_status = 'registered'
            UNION VALUES ((v.task).creator_user_id), ((v.task).assignee_user_id), ((v.event).organizer_user_id))));
    RETURN reply(204);
END $$;
