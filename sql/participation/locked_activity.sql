-- An activity and its places once its lock is held, as far as it exists for that person; else null rows.
CREATE OR REPLACE FUNCTION participation.locked_activity(p_activity uuid, p_user uuid,
                                              OUT places activity.places, OUT activity activity.activities)
LANGUAGE plpgsql VOLATILE SET search_path = participation, activity, pg_temp AS $$
BEGIN
    places := lock_activity(p_activity);
    SELECT * INTO activity FROM activities a WHERE a.activity_id = p_activity AND a.deleted_at IS NULL;
    IF NOT is_there(activity, p_user) THEN
        activity := NULL;
    END IF;
END $$;
