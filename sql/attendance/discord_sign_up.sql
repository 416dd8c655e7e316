-- Creates the account of a Discord identity, or lets it follow Discord: the name and address of an account that has a password, or
-- that a token made, stay, for whoever merely knows a Discord id must not rename it. p_name null: a new one takes p_default.
CREATE OR REPLACE FUNCTION attendance.discord_sign_up(p_name text, p_default text, p_discord_user_id text, p_discord_username text, p_email text,
    OUT outcome text, OUT account activity.users, OUT changes text[])
LANGUAGE plpgsql SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_old users;
    v_made record;
BEGIN
    LOOP
        SELECT * INTO v_old FROM users u WHERE u.discord_user_id = p_discord_user_id FOR NO KEY UPDATE;
        EXIT WHEN FOUND;
        SELECT s.* INTO v_made FROM sign_up(jsonb_strip_nulls(jsonb_build_object(
            'name', coalesce(p_name, p_default), 'discord_user_id', p_discord_user_id, 'discord_username', p_discord_username,
            'email', p_email, 'discord_only', true))) s;
        IF v_made.taken IS NULL THEN
            account := v_made.account;
            outcome := 'new';
            RETURN;
        ELSIF NOT 'discord_user_id' = ANY (v_made.taken) THEN
            outcome := 'email-taken';
            RETURN;
        END IF;                             -- somebody has just signed the same identity up: it exists now
    END LOOP;
    account := v_old;
    IF NOT v_old.is_active THEN
        outcome := 'inactive';
        RETURN;
    END IF;
    IF v_old.discord_only THEN
        account.name := coalesce(p_name, v_old.name);
        account.email := coalesce(p_email, v_old.email);
    END IF;
    account.discord_username := p_discord_username;
    changes := array_remove(ARRAY[
        CASE WHEN account.name IS DISTINCT FROM v_old.name THEN 'name' END,
        CASE WHEN account.discord_username IS DISTINCT FROM v_old.discord_username THEN 'discord_username' END,
        CASE WHEN account.email IS DISTINCT FROM v_old.email THEN 'email' END], NULL);
    IF changes = '{}' THEN
        changes := NULL;
        outcome := 'unchanged';
        RETURN;
    END IF;
    BEGIN
        UPDATE users u SET name = account.name, discord_username = account.discord_username, email = account.email,
                           updated_at = clock_timestamp()
        WHERE u.user_id = v_old.user_id RETURNING u.* INTO account;
    EXCEPTION WHEN unique_violation THEN
        account := v_old;
        changes := NULL;
        outcome := 'email-taken';
        RETURN;
    END;
    outcome := 'updated';
END $$;
