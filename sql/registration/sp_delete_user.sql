-- Erases a guest: anonymous callers only, for an account may not be erased by whoever knows its id.
CREATE OR REPLACE FUNCTION registration.sp_delete_user(p_caller uuid, p_refusal text, p_user text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, activity, pg_temp AS $$
DECLARE
    v_user users;
BEGIN
    SELECT * INTO v_user FROM users u WHERE u.handle = p_user;
    IF NOT FOUND THEN
        RETURN problem(404, format('User with ID %s not found', p_user));
    END IF;
    IF p_refusal IS NOT NULL THEN
        RETURN problem(403, 'Account is not active');
    END IF;
    IF p_caller IS NOT NULL OR NOT v_user.is_guest THEN
        RETURN problem(403, format('Not permitted to act for user %s', p_user));
    END IF;
    IF NOT forget_guest(v_user.user_id) THEN    -- somebody else's deletion came first
        RETURN problem(404, format('User with ID %s not found', p_user));
    END IF;
    RETURN reply(200, json_build_object('message', 'User deleted successfully'));
END $$;
