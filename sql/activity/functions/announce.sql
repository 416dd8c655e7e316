-- Tells all hubs, after publish has committed, that there are changes up to a position: one NOTIFY for everything of the last moments, in
-- no transaction of an API, since NOTIFY makes commits queue.
CREATE OR REPLACE FUNCTION activity.announce(p_position bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = activity, pg_temp
AS $$
BEGIN
    PERFORM pg_notify('activity_changes', p_position::text);
END $$;
