CREATE OR REPLACE FUNCTION gatherhub.task_missing() RETURNS activity.reply
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT problem(404, 'task_not_found', 'Task does not exist'));
END $$;
