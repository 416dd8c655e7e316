-- What find_event finds, once its lock is held, and its places.
CREATE OR REPLACE FUNCTION registration.locked_event(p_event text, p_caller uuid, OUT places activity.places, OUT event activity.activities)
LANGUAGE plpgsql VOLATILE SET search_path = registration, activity, pg_temp AS $$
BEGIN
    event := find_event(p_event, p_caller);
    IF event.activity_id IS NOT NULL THEN
        places := lock_activity(event.activity_id);
        SELECT * INTO event FROM activities a WHERE a.activity_id = event.activity_id AND a.deleted_at IS NULL;
    END IF;
END $$;
