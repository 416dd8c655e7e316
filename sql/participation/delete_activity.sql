-- deleteActivity: for the organizer; gone from every list of every API.
CREATE OR REPLACE FUNCTION participation.delete_activity(p_activity uuid, p_user uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v          record;
BEGIN
    v := locked_activity(p_activity, p_user);
    IF (v.activity).activity_id IS NULL THEN
        RETURN problem(404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
    END IF;
    IF (v.activity).organizer_user_id IS DISTINCT FROM p_user THEN
        RETURN problem(403, 'NOT_ORGANIZER', 'Only organizer can delete activity');
    END IF;
    RETURN reply(200, json_build_object(
        'activity_id', p_activity,
        'deleted_at', wire_time(activity.delete_activity(p_activity, p_user)),
        'message', 'Activity deleted successfully'));
END $$;
