-- Starts a session with its first refresh token. expires_at is in whole seconds, as a token's exp is; rotated_at is exact, because a grace
-- is measured from it.
CREATE OR REPLACE FUNCTION activity.open_session(p_user uuid, p_api text, p_sid uuid, p_jti uuid, p_lifetime int)
RETURNS activity.session_grant LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v_now     timestamptz := clock_timestamp();
    v_session sessions;
BEGIN
    INSERT INTO sessions (sid, user_id, api, refresh_jti, rotated_at, created_at, expires_at)
    VALUES (p_sid, p_user, p_api, p_jti, v_now, v_now, date_trunc('second', v_now) + make_interval(secs => p_lifetime))
    RETURNING * INTO v_session;
    RETURN session_granted('opened', (SELECT u.number FROM users u WHERE u.user_id = p_user), v_session);
END $$;
