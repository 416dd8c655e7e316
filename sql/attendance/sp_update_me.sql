-- Changes the members given. The unique indexes judge addresses and Discord ids; a look before only finds the words for it.
CREATE OR REPLACE FUNCTION attendance.sp_update_me(p_caller uuid, p_body jsonb, p_keyed boolean) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_user users;
    v_new users;
    v_index text;
BEGIN
    SELECT * INTO v_user FROM users u WHERE u.user_id = p_caller FOR NO KEY UPDATE;
    v_new := v_user;
    IF p_body ? 'email' THEN v_new.email := p_body ->> 'email'; END IF;
    IF p_body ? 'name' THEN v_new.name := p_body ->> 'name'; END IF;
    IF p_body ? 'is_active' THEN v_new.is_active := (p_body ->> 'is_active')::boolean; END IF;
    IF p_body ? 'discord_user_id' THEN v_new.discord_user_id := p_body ->> 'discord_user_id'; END IF;
    IF p_body ? 'discord_username' THEN v_new.discord_username := p_body ->> 'discord_username'; END IF;

    IF p_keyed AND v_new.discord_user_id IS NOT NULL AND v_new.discord_user_id IS DISTINCT FROM v_user.discord_user_id THEN
        RETURN problem(403, 'Discord identity is set through Discord');
    END IF;
    IF v_new IS NOT DISTINCT FROM v_user THEN
        RETURN reply(200, user_json(v_user, true));
    END IF;
    BEGIN
        UPDATE users SET email = v_new.email, name = v_new.name, is_active = v_new.is_active,
                         discord_user_id = v_new.discord_user_id, discord_username = v_new.discord_username,
                         updated_at = clock_timestamp()
        WHERE user_id = p_caller RETURNING * INTO v_user;
    EXCEPTION WHEN unique_violation THEN
        GET STACKED DIAGNOSTICS v_index = CONSTRAINT_NAME;
        IF v_index = 'users_email'
           OR EXISTS (SELECT FROM users u WHERE lower(u.email COLLATE folded) = lower(v_new.email COLLATE folded)
                                            AND u.user_id <> p_caller) THEN
            RETURN problem(400, 'Email already registered');
        END IF;
        RETURN problem(400, 'Discord user already registered');
    END;
    RETURN reply(200, user_json(v_user, true));
END $$;
