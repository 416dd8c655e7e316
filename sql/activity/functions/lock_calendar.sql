-- The lock of an owner's calendar, held from looking for conflicts to commit; before any lock of an activity. Joins never take it.
CREATE OR REPLACE FUNCTION activity.lock_calendar(p_owner uuid)
RETURNS void LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(uuid_hash_extended(p_owner, 1));
END $$;
