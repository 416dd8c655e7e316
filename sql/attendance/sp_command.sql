-- One line of chat: the text to say, or null when it is no command.
CREATE OR REPLACE FUNCTION attendance.sp_command(p_discord_user_id text, p_discord_username text, p_channel text, p_content text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_words text[] := words(p_content);
    v_text text;
BEGIN
    IF v_words[1] LIKE '!%' THEN
        v_text := run_command('!', lower(substr(v_words[1], 2)), v_words[2:], p_discord_user_id, p_discord_username, NULL, p_channel);
    END IF;
    RETURN reply(200, jsonb_build_object('reply', v_text));
END $$;
