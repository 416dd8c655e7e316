-- Somebody's place in line, from 1; null if they do not wait.
CREATE OR REPLACE FUNCTION activity.rank_of(p_activity uuid, p_user uuid)
RETURNS int LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = activity, pg_temp
AS $$
BEGIN
    RETURN (SELECT (SELECT count(*) FROM waitlist_entries w WHERE w.activity_id = p_activity AND w.registered_at <= own.registered_at)
              FROM waitlist_entries own
             WHERE own.activity_id = p_activity AND own.user_id = p_user);
END $$;
