-- The password was right: a new session; the others go on.
CREATE OR REPLACE FUNCTION collaboration.sp_login(p_user uuid, p_lifetime int)
RETURNS TABLE (status int, body text, headers text, subject uuid, sid uuid, jti uuid, iat bigint, exp bigint, claims text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_user users;
BEGIN
    SELECT * INTO v_user FROM users u WHERE u.user_id = p_user;
    PERFORM logged_in(p_user);
    RETURN QUERY SELECT s.* FROM session_reply(200, v_user,
        open_session(p_user, 'collaboration', gen_random_uuid(), gen_random_uuid(), p_lifetime)) s;
END $$;
