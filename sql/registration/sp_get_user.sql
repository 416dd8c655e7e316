CREATE OR REPLACE FUNCTION registration.sp_get_user(p_user text) RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = registration, activity, pg_temp AS $$
DECLARE
    v_user users;
BEGIN
    SELECT * INTO v_user FROM users u WHERE u.handle = p_user;
    IF NOT FOUND THEN
        RETURN problem(404, format('User with ID %s not found', p_user));
    END IF;
    RETURN reply(200, json_build_object('userId', v_user.handle, 'name', shown_name(v_user)));
END $$;
