CREATE OR REPLACE FUNCTION gatherhub.event_json(p_activity activity.activities, p_places activity.places, p_caller uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT event_object(p_activity, p_places) || jsonb_build_object('is_participant', takes_part(p_activity.activity_id, p_caller)));
END $$;
