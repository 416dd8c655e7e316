-- One command, whichever way it came: its text, or null for what is no command.
CREATE OR REPLACE FUNCTION attendance.run_command(p_prefix text, p_command text, p_arguments text[], p_discord_user_id text, p_discord_username text,
                                       p_global_name text, p_channel text) RETURNS text
LANGUAGE plpgsql SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_user users;
    v_text text;
BEGIN
    IF p_command NOT IN ('register', 'events', 'attend', 'status', 'help', 'link') THEN
        RETURN NULL;
    END IF;
    SELECT * INTO v_user FROM users u WHERE u.discord_user_id = p_discord_user_id;
    IF NOT v_user.is_active OR is_banned(v_user, clock_timestamp()) THEN
        RETURN 'Your account is deactivated.';
    END IF;
    v_text := CASE p_command
        WHEN 'register' THEN command_register(nullif(array_to_string(p_arguments, ' '), ''), p_global_name, p_discord_user_id, p_discord_username)
        WHEN 'events' THEN command_events(p_prefix, p_channel)
        WHEN 'attend' THEN command_attend(p_prefix, p_arguments, v_user)
        WHEN 'status' THEN command_status(p_prefix, v_user)
        WHEN 'link' THEN command_link(p_arguments[1], p_discord_user_id, p_discord_username)
        WHEN 'help' THEN replace(concat_ws(E'\n',
            '%register [name] – sign up for event attendance', '%events – events that run now',
            '%attend <event_id> – mark your attendance', '%status – what you have attended',
            '%link <code> – link your web account', '%help – this list'), '%', p_prefix)
    END;
    RETURN left(v_text, 2000);
END $$;
