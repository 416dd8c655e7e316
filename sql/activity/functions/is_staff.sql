-- Whether somebody runs an activity: the organizer, or a registered co-organizer.
CREATE OR REPLACE FUNCTION activity.is_staff(p_activity uuid, p_user uuid)
RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = activity, pg_temp
AS $$
BEGIN
    RETURN EXISTS (SELECT FROM activities WHERE activity_id = p_activity AND organizer_user_id = p_user AND deleted_at IS NULL)
        OR EXISTS (SELECT FROM participants
                    WHERE activity_id = p_activity AND user_id = p_user AND role = 'co_organizer' AND participation_status = 'registered');
END $$;
