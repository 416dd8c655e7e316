-- Two people, locked in the order of all locks of people: what stands between them is decided by one request after the other.
CREATE OR REPLACE FUNCTION participation.lock_pair(p_a uuid, p_b uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = activity, pg_temp AS $$
BEGIN
    PERFORM FROM users u WHERE u.user_id IN (p_a, p_b) ORDER BY u.user_id FOR NO KEY UPDATE;
END $$;
