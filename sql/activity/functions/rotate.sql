-- Replaces a refresh token by its successor, under the lock of the session's row: of simultaneous ones one is first. One that was replaced
-- already is reuse and ends the session, save that within the grace, while the successor is unused, it gets that same successor again.
CREATE OR REPLACE FUNCTION activity.rotate(p_api text, p_sid uuid, p_jti uuid, p_new_jti uuid, p_grace interval, p_lifetime int)
RETURNS activity.session_grant LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v_session sessions;
    v_user    users;
    v_now     timestamptz;
BEGIN
    SELECT * INTO v_session FROM sessions WHERE sid = p_sid FOR NO KEY UPDATE;
    v_now := clock_timestamp();
    IF v_session.sid IS NULL OR v_session.api <> p_api OR v_session.ended_at IS NOT NULL OR v_session.expires_at <= v_now THEN
        RETURN ROW('unknown', NULL, NULL, NULL, NULL, NULL, NULL)::session_grant;
    END IF;
    SELECT * INTO v_user FROM users WHERE user_id = v_session.user_id;

    IF p_jti IS DISTINCT FROM v_session.refresh_jti
       AND NOT (p_jti IS NOT DISTINCT FROM v_session.previous_jti AND p_grace > interval '0'
                AND v_now <= v_session.rotated_at + p_grace) THEN
        PERFORM end_session(p_sid);
        RETURN session_granted('reused', v_user.number, v_session);
    END IF;
    IF NOT v_user.is_active OR is_banned(v_user, v_now) THEN
        RETURN session_granted('disabled', v_user.number, v_session);
    END IF;
    IF p_jti = v_session.refresh_jti THEN
        UPDATE sessions
           SET refresh_jti = p_new_jti, previous_jti = p_jti, rotated_at = v_now,
               expires_at = date_trunc('second', v_now) + make_interval(secs => p_lifetime)
         WHERE sid = p_sid
        RETURNING * INTO v_session;
    END IF;
    RETURN session_granted('rotated', v_user.number, v_session);
END $$;
