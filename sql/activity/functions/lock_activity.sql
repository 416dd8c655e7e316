-- The activity's lock: whoever writes anything of an activity takes it before reading what the decision depends on. The row lock makes it
-- right; the advisory lock before it is the queue: fair, and quicker for one hot activity, since waiters sleep on it and not on one
-- another's tuple versions. A null row if there is no such activity.
CREATE OR REPLACE FUNCTION activity.lock_activity(p_activity uuid)
RETURNS activity.places LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v_places places;
BEGIN
    PERFORM pg_advisory_xact_lock(uuid_hash_extended(p_activity, 0));
    SELECT * INTO v_places FROM places WHERE activity_id = p_activity FOR NO KEY UPDATE;
    RETURN v_places;
END $$;
