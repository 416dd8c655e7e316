-- Whether this account is banned at the instant. A temporary ban without an end has not ended. Inlined.
CREATE OR REPLACE FUNCTION activity.is_banned(p_user activity.users, p_instant timestamptz)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT p_user.status = 'banned'
        OR (p_user.status = 'temporary_ban' AND coalesce(p_user.ban_expires_at > p_instant, true))
$$;
