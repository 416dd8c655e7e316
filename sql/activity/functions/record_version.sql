-- Keeps the state that an activity has after a change, under the number that its row has counted up to in the same statement as the change.
CREATE OR REPLACE FUNCTION activity.record_version(p_activity activity.activities, p_user uuid, p_kind activity.version_kind,
                                                   p_summary text, p_reason text)
RETURNS void LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
BEGIN
    INSERT INTO activity_versions (activity_id, version_number, kind, data, changed_by, change_reason, change_summary)
    VALUES (p_activity.activity_id, p_activity.version, p_kind, version_data(p_activity), p_user,
            coalesce(p_reason, 'Event lifecycle'), p_summary);
    PERFORM emit('version', p_activity.activity_id, p_user, NULL, p_activity.version, jsonb_build_object('kind', p_kind));
END $$;
