-- Whether a well-signed token is still good: that of a session of ours while the session is, any other unless it was logged out or issued
-- before everything was ended. An iat of the same second is not after, and none is not either. A sid that no session has is an outside
-- issuer's and says nothing. Null (not true) if the session is somebody else's. Inlined.
CREATE OR REPLACE FUNCTION activity.token_lives(p_user activity.users, p_session activity.sessions, p_revoked boolean, p_iat bigint)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN p_session.sid IS NOT NULL THEN p_session.ended_at IS NULL AND p_session.user_id = p_user.user_id
        ELSE NOT p_revoked
             AND (p_user.tokens_valid_after IS NULL OR coalesce(p_iat > floor(extract(epoch FROM p_user.tokens_valid_after)), false))
    END
$$;
