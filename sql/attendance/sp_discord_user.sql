CREATE OR REPLACE FUNCTION attendance.sp_discord_user(p_discord_user_id text) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_user users;
BEGIN
    SELECT * INTO v_user FROM users u WHERE u.discord_user_id = p_discord_user_id;
    IF NOT FOUND THEN
        RETURN problem(404, 'Discord user not found');
    END IF;
    RETURN reply(200, user_json(v_user, false));
END $$;
