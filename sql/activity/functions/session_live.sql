-- Whether a token is still good: asked again and again by streams, which outlive the call that opened them.
CREATE OR REPLACE FUNCTION activity.session_live(p_sid uuid, p_user uuid, p_digest bytea, p_iat bigint)
RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = activity, pg_temp
AS $$
BEGIN
    RETURN coalesce((
        SELECT token_lives(u, s, EXISTS (SELECT FROM revoked_tokens t WHERE t.digest = p_digest), p_iat)
          FROM users u LEFT JOIN sessions s ON s.sid = p_sid
         WHERE u.user_id = p_user), false);
END $$;
