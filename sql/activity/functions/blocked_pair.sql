-- Whether one of the two blocks the other: two index probes. False where one is nobody.
CREATE OR REPLACE FUNCTION activity.blocked_pair(p_a uuid, p_b uuid)
RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = activity, pg_temp
AS $$
BEGIN
    RETURN EXISTS (SELECT FROM user_blocks WHERE blocker_user_id = p_a AND blocked_user_id = p_b)
        OR EXISTS (SELECT FROM user_blocks WHERE blocker_user_id = p_b AND blocked_user_id = p_a);
END $$;
