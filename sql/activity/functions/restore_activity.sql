-- Brings a deleted activity back as a new version, with its permissions and history; what its deletion removed is not brought back.
-- Presumes the lock; who may, until when, and the calendar are the API's.
CREATE OR REPLACE FUNCTION activity.restore_activity(p_activity uuid, p_by uuid)
RETURNS boolean LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v_activity activities;
BEGIN
    UPDATE activities SET deleted_at = NULL, deleted_by = NULL, version = version + 1, updated_at = clock_timestamp()
     WHERE activity_id = p_activity AND deleted_at IS NOT NULL
    RETURNING * INTO v_activity;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM emit('activity.created', p_activity, p_by, p_payload => '{"restored": true}');
    PERFORM record_version(v_activity, p_by, 'restored', 'Event restored', NULL);
    RETURN true;
END $$;
