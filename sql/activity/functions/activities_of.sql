-- The activities in which somebody has a row of any kind that leaving all of them must undo, by id.
CREATE OR REPLACE FUNCTION activity.activities_of(p_user uuid)
RETURNS uuid[] LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
BEGIN
    RETURN ARRAY(SELECT activity_id FROM participants WHERE user_id = p_user
                 UNION SELECT activity_id FROM waitlist_entries WHERE user_id = p_user
                 UNION SELECT activity_id FROM activity_invitations WHERE user_id = p_user
                 UNION SELECT activity_id FROM tasks WHERE assignee_user_id = p_user
                 ORDER BY 1);
END $$;
