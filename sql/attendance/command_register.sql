-- register [name]
CREATE OR REPLACE FUNCTION attendance.command_register(p_name text, p_default text, p_discord_user_id text, p_discord_username text) RETURNS text
LANGUAGE plpgsql SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v record;
    v_name text := coalesce(p_name, nullif(btrim(coalesce(p_default, split_part(p_discord_username, '#', 1))), ''));
BEGIN
    IF char_length(p_name) > 100 THEN
        RETURN 'Names have 1 to 100 characters.';
    END IF;
    SELECT * INTO v FROM discord_sign_up(p_name, left(coalesce(v_name, p_discord_username), 100), p_discord_user_id, p_discord_username, NULL);
    RETURN sign_up_message(v.outcome, said_name(shown_name(v.account)));
END $$;
