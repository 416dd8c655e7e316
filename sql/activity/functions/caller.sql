-- Makes a user of a verified token, in the statement of the call: three index probes in one statement. p_claims is null where unknown users
-- are not provisioned. With the refusals user-inactive and user-banned the user is told too, since some operations admit them.
CREATE OR REPLACE FUNCTION activity.caller(p_sub uuid, p_sid uuid, p_iat bigint, p_digest bytea, p_level text, p_claims jsonb)
RETURNS TABLE (refusal text, user_id uuid, number bigint, level activity.subscription_level)
LANGUAGE plpgsql ROWS 1 SECURITY DEFINER SET search_path = activity, pg_temp
AS $$
DECLARE
    v_guest boolean;
BEGIN
    SELECT CASE WHEN token_lives(u, s, t.digest IS NOT NULL, p_iat) IS NOT TRUE THEN 'token-ended'
                WHEN NOT u.is_active THEN 'user-inactive'
                WHEN is_banned(u, clock_timestamp()) THEN 'user-banned' END,
           u.user_id, u.number, u.subscription_level, u.is_guest
      INTO refusal, user_id, number, level, v_guest
      FROM (SELECT) one
      LEFT JOIN users u ON u.user_id = p_sub
      LEFT JOIN sessions s ON s.sid = p_sid
      LEFT JOIN revoked_tokens t ON t.digest = p_digest;

    IF user_id IS NULL AND refusal IS NULL AND p_sub IS NOT NULL AND p_claims IS NOT NULL THEN
        SELECT p.user_id, p.number, p.subscription_level, p.is_guest INTO user_id, number, level, v_guest
          FROM provision(p_sub, p_claims) p;
    END IF;
    IF refusal IS DISTINCT FROM 'token-ended' AND (user_id IS NULL OR v_guest) THEN
        refusal := 'user-unknown';
    END IF;
    IF refusal IN ('token-ended', 'user-unknown') THEN
        user_id := NULL;
        number := NULL;
        level := NULL;
    ELSIF p_level IN ('free', 'club', 'premium') THEN
        level := p_level::subscription_level;
    END IF;
    RETURN NEXT;
END $$;
