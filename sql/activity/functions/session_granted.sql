-- What a refresh token is made of, from its session's row: the same row makes the same token. Inlined.
CREATE OR REPLACE FUNCTION activity.session_granted(p_outcome text, p_number bigint, p_session activity.sessions)
RETURNS activity.session_grant LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT ROW(p_outcome, p_session.user_id, p_number, p_session.sid, p_session.refresh_jti,
               floor(extract(epoch FROM p_session.rotated_at))::bigint,
               floor(extract(epoch FROM p_session.expires_at))::bigint)::activity.session_grant
$$;
