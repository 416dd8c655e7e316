-- The password was right: a new session.
CREATE OR REPLACE FUNCTION gatherhub.login(p_user uuid, p_base text, p_lifetime int)
RETURNS TABLE (status int, body text, headers text, subject uuid, sid uuid, jti uuid, iat bigint, exp bigint, claims text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_user users;
BEGIN
    PERFORM logged_in(p_user);
    SELECT * INTO v_user FROM users u WHERE u.user_id = p_user;
    RETURN QUERY SELECT s.* FROM session_reply(200, jsonb_build_object('user', profile(v_user, p_base)), v_user,
        open_session(p_user, 'gatherhub', gen_random_uuid(), gen_random_uuid(), p_lifetime)) s;
END $$;
