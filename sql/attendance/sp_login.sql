-- The password was right: remember when. A token is made of this row; it belongs to no session.
CREATE OR REPLACE FUNCTION attendance.sp_login(p_user uuid)
RETURNS TABLE (status int, body text, headers text, subject uuid, claims text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_user users;
BEGIN
    PERFORM logged_in(p_user);
    SELECT * INTO v_user FROM users u WHERE u.user_id = p_user;
    RETURN QUERY SELECT 200, '{}', NULL::text, v_user.user_id,
        jsonb_strip_nulls(jsonb_build_object('email', v_user.email, 'name', shown_name(v_user), 'username', v_user.username,
                                             'subscription_level', v_user.subscription_level))::text;
END $$;
