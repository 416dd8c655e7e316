-- The next pair of tokens; of those who bring one refresh token at once the first gets it, and the session has ended when all are answered.
CREATE OR REPLACE FUNCTION collaboration.sp_rotate(p_sid uuid, p_jti uuid, p_lifetime int)
RETURNS TABLE (status int, body text, headers text, subject uuid, sid uuid, jti uuid, iat bigint, exp bigint, claims text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_grant session_grant := rotate('collaboration', p_sid, p_jti, gen_random_uuid(), interval '0', p_lifetime);
    v_user users;
BEGIN
    IF v_grant.outcome <> 'rotated' THEN
        RETURN QUERY SELECT p.status, p.body, '{"WWW-Authenticate": "Bearer"}', NULL::uuid, NULL::uuid, NULL::uuid, NULL::bigint, NULL::bigint, NULL::text
            FROM problem(401, CASE v_grant.outcome WHEN 'disabled' THEN 'User not found or inactive' ELSE 'Invalid refresh token' END) p;
        RETURN;
    END IF;
    SELECT * INTO v_user FROM users u WHERE u.user_id = v_grant.user_id;
    RETURN QUERY SELECT s.* FROM session_reply(200, v_user, v_grant) s;
END $$;
