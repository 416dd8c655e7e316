-- A guest; with a token, the caller's own account gets its userId and name.
CREATE OR REPLACE FUNCTION registration.sp_create_user(p_caller uuid, p_refusal text, p_user text, p_name text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, activity, pg_temp AS $$
DECLARE
    v_account users;
    v_taken text[];
BEGIN
    IF p_refusal IS NOT NULL THEN
        RETURN problem(403, 'Account is not active');
    END IF;
    IF p_caller IS NOT NULL THEN
        SELECT * INTO v_account FROM users u WHERE u.user_id = p_caller FOR NO KEY UPDATE;
        IF v_account.handle IS NOT NULL THEN
            RETURN problem(409, 'Account already has a userId');
        END IF;
    END IF;
    IF p_user ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
       AND EXISTS (SELECT FROM users u WHERE u.user_id = p_user::uuid) THEN
        RETURN problem(409, format('User with userId ''%s'' already exists', p_user));
    END IF;
    IF p_caller IS NULL THEN
        SELECT s.taken INTO v_taken
        FROM sign_up(jsonb_build_object('handle', p_user, 'name', p_name, 'is_guest', true)) s;
        IF v_taken IS NOT NULL THEN
            RETURN problem(409, format('User with userId ''%s'' already exists', p_user));
        END IF;
    ELSE
        BEGIN
            UPDATE users SET handle = p_user, name = p_name, updated_at = clock_timestamp() WHERE user_id = p_caller;
        EXCEPTION WHEN unique_violation THEN    -- the index is the judge: somebody has it, perhaps since a moment ago
            RETURN problem(409, format('User with userId ''%s'' already exists', p_user));
        END;
    END IF;
    RETURN reply(201, json_build_object('userId', p_user, 'name', p_name));
END $$;
