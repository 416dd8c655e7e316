-- link <code>: the web account that made the code gets this Discord identity, in place of any it had.
-- The code's row is claimed before the activities are locked: nobody else takes both, so no circle can come of it.
CREATE OR REPLACE FUNCTION attendance.command_link(p_code text, p_discord_user_id text, p_discord_username text) RETURNS text
LANGUAGE plpgsql SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    c_invalid CONSTANT text := 'That code is not valid. Ask for a new one.';
    c_taken CONSTANT text := 'This Discord account already belongs to another account.';
    v_hash bytea := sha256(convert_to(upper(coalesce(p_code, '')), 'UTF8'));
    v_web users;
    v_discord users;
BEGIN
    SELECT u.* INTO v_web FROM discord_links l JOIN users u USING (user_id)
    WHERE l.code_hash = v_hash AND l.expires_at > clock_timestamp() AND u.is_active;
    IF NOT FOUND THEN
        RETURN c_invalid;
    END IF;
    SELECT * INTO v_discord FROM users u WHERE u.discord_user_id = p_discord_user_id AND u.user_id <> v_web.user_id;
    IF FOUND AND NOT v_discord.discord_only THEN
        RETURN c_taken;
    END IF;
    DELETE FROM discord_links l WHERE l.code_hash = v_hash AND l.expires_at > clock_timestamp();
    IF NOT FOUND THEN
        RETURN c_invalid;                    -- used at this very moment
    END IF;
    IF v_discord.user_id IS NOT NULL THEN
        PERFORM move_participation(v_discord.user_id, v_web.user_id);
    END IF;
    PERFORM 1 FROM users u WHERE u.user_id IN (v_web.user_id, v_discord.user_id) ORDER BY u.user_id FOR NO KEY UPDATE;
    IF v_discord.user_id IS NOT NULL THEN
        UPDATE users SET discord_user_id = NULL, is_active = false, updated_at = clock_timestamp() WHERE user_id = v_discord.user_id;
    END IF;
    BEGIN
        UPDATE users SET discord_user_id = p_discord_user_id, discord_username = p_discord_username, updated_at = clock_timestamp()
        WHERE user_id = v_web.user_id RETURNING * INTO v_web;
    EXCEPTION WHEN unique_violation THEN
        RETURN c_taken;
    END;
    RETURN format('Linked to %s.', said_name(shown_name(v_web)));
END $$;
