CREATE OR REPLACE FUNCTION gatherhub.event_brief(p_activity activity.activities) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('id', p_activity.number, 'title', coalesce(p_activity.title, ''), 'date', wire_time(p_activity.scheduled_at)));
END $$;
