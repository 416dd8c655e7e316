-- The next pair of tokens; within ten seconds, while the successor is unused, the same successor again.
CREATE OR REPLACE FUNCTION gatherhub.rotate(p_sid uuid, p_jti uuid, p_lifetime int)
RETURNS TABLE (status int, body text, headers text, subject uuid, sid uuid, jti uuid, iat bigint, exp bigint, claims text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_grant session_grant := activity.rotate('gatherhub', p_sid, p_jti, gen_random_uuid(), interval '10 seconds', p_lifetime);
    v_user users;
BEGIN
    IF v_grant.outcome <> 'rotated' THEN
        RETURN QUERY SELECT p.status, p.body, '{"WWW-Authenticate": "Bearer"}', NULL::uuid, NULL::uuid, NULL::uuid, NULL::bigint, NULL::bigint, NULL::text
            FROM (SELECT (CASE v_grant.outcome
                      WHEN 'reused' THEN problem(401, 'token_reused', 'Refresh token has already been used')
                      WHEN 'disabled' THEN problem(401, 'account_disabled', 'Account is disabled')
                      ELSE problem(401, 'invalid_token', 'Token is invalid or expired') END).*) p;
        RETURN;
    END IF;
    SELECT * INTO v_user FROM users u WHERE u.user_id = v_grant.user_id;
    RETURN QUERY SELECT s.* FROM session_reply(200, '{}', v_user, v_grant) s;
END $$;
