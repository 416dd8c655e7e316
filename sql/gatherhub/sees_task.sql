-- Who may see a task: the event's members, and whoever made it or is assigned to it, wherever they are now.
CREATE OR REPLACE FUNCTION gatherhub.sees_task(p_task activity.tasks, p_activity activity.activities, p_user uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT is_event(p_activity) AND (p_user = p_task.creator_user_id OR coalesce(p_user = p_task.assignee_user_id, false)
                                     OR is_member(p_activity, p_user)));
END $$;
