-- getActivity.
CREATE OR REPLACE FUNCTION participation.get_activity(p_activity uuid, p_user uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_activity activities;
BEGIN
    SELECT * INTO v_activity FROM activities a WHERE a.activity_id = p_activity AND a.deleted_at IS NULL;
    IF NOT is_there(v_activity, p_user) THEN
        RETURN problem(404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
    END IF;
    IF NOT may_see(v_activity, p_user) THEN
        RETURN problem(403, 'ACCESS_DENIED', 'Access denied');
    END IF;
    RETURN reply(200, show_activity(p_activity));
END $$;
