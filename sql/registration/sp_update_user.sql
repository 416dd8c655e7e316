CREATE OR REPLACE FUNCTION registration.sp_update_user(p_caller uuid, p_refusal text, p_user text, p_name text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, activity, pg_temp AS $$
DECLARE
    v_user users;
BEGIN
    SELECT * INTO v_user FROM users u WHERE u.handle = p_user FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN problem(404, format('User with ID %s not found', p_user));
    END IF;
    IF p_refusal IS NOT NULL THEN
        RETURN problem(403, 'Account is not active');
    END IF;
    IF NOT may_act_for(p_caller, v_user, false) THEN
        RETURN problem(403, format('Not permitted to act for user %s', p_user));
    END IF;
    IF v_user.name IS DISTINCT FROM p_name THEN
        UPDATE users SET name = p_name, updated_at = clock_timestamp() WHERE user_id = v_user.user_id;
    END IF;
    RETURN reply(200, json_build_object('userId', v_user.handle, 'name', p_name));
END $$;
